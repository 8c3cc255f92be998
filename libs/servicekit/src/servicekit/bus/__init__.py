"""Facts from other services: read, applied once and in order, or parked where people see them."""

from servicekit.bus.subscriptions import BatchHandler, Received, Subscription, each

__all__ = ["BatchHandler", "Received", "Subscription", "each"]

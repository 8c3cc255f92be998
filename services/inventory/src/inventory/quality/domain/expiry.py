"""How near its expiry a batch is."""

EXPIRED = -1
"""Stands for "past its expiry" among the numbers of days in which something is said."""

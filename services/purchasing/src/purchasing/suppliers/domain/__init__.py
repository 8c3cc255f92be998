"""Whom goods are bought from, who acts for them here, and what was agreed with them."""

from purchasing.suppliers.domain.portal import NotAPortalUser, PortalUser, PortalUserTaken
from purchasing.suppliers.domain.supplier import Supplier, UnknownSupplier

__all__ = [
    "NotAPortalUser",
    "PortalUser",
    "PortalUserTaken",
    "Supplier",
    "UnknownSupplier",
]

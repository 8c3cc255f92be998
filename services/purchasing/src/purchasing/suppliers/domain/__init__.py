"""Whom goods are bought from, who acts for them here, and what was agreed with them."""

from purchasing.suppliers.domain.portal import NotAPortalUser, PortalUser, PortalUserTaken
from purchasing.suppliers.domain.prices import (
    Agreed,
    BreaksUnclear,
    Goods,
    NoPriceAgreed,
    Price,
    PriceBreak,
    PriceDaysCrossed,
    PriceOverlap,
    UnknownPrice,
    price_for,
)
from purchasing.suppliers.domain.supplier import (
    DueDateMissing,
    FieldChange,
    InvoiceBooking,
    Supplier,
    SupplierChange,
    TaxIdMissing,
    UnknownSupplier,
)
from purchasing.suppliers.domain.suspension import (
    NAMED_MAX,
    OverdueLine,
    SupplierIsSuspended,
    must_take_orders,
)

__all__ = [
    "NAMED_MAX",
    "Agreed",
    "BreaksUnclear",
    "DueDateMissing",
    "FieldChange",
    "Goods",
    "InvoiceBooking",
    "NoPriceAgreed",
    "NotAPortalUser",
    "OverdueLine",
    "PortalUser",
    "PortalUserTaken",
    "Price",
    "PriceBreak",
    "PriceDaysCrossed",
    "PriceOverlap",
    "Supplier",
    "SupplierChange",
    "SupplierIsSuspended",
    "TaxIdMissing",
    "UnknownPrice",
    "UnknownSupplier",
    "must_take_orders",
    "price_for",
]

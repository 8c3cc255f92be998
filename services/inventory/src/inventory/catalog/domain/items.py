"""Items: what stock is kept of, and the rules of their descriptions."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inventory.catalog.domain.kits import KitImpossible, KitNotStocked
from inventory.catalog.domain.refusals import (
    BatchMissing,
    FreeGoodsForSale,
    GtinInvalid,
    ItemDisabled,
    ItemInUse,
    ItemNotForSale,
    SerialScale,
    SerialsMissing,
    TrackingUnused,
)
from inventory.catalog.domain.sites import Warehouse
from inventory.catalog.domain.units import QuantityTooPrecise, plain


class Tracking(StrEnum):
    """How goods of an item are told apart."""

    NONE = "none"
    BATCH = "batch"
    SERIAL = "serial"
    """By serial number, and by batch where one is named."""


FIXED = ("base_unit", "scale", "tracking")
"""What stays once something was counted."""
DESCRIBED = (
    "name",
    "category",
    "abc_class",
    "gtin",
    "shelf_life_days",
    "no_sale_days",
    "for_sale",
    "inspect_on_receipt",
)


@dataclass(eq=False)
class Item:
    """Something stock is kept of, counted in its base unit."""

    item_id: str
    name: str
    base_unit: str
    scale: int
    category: str | None = None
    in_use: bool = False
    """Set when something is first counted in its base unit, and never unset."""
    tracking: Tracking = Tracking.NONE
    shelf_life_days: int | None = None
    """From manufacture to expiry, where only the former is known."""
    no_sale_days: int = 0
    """So many days before expiry, a batch is not sold any more."""
    for_sale: bool = True
    inspect_on_receipt: bool = False
    disabled: bool = False
    abc_class: str | None = None
    gtin: str | None = None
    kit_version: int | None = None
    """The version of its components that counts, if it is a kit."""
    took_free: bool = False
    """Some came in at no cost since it was taken off sale, and may be there still."""

    def __post_init__(self) -> None:
        """Hold the rules: units with a number are whole, and a GTIN checks out."""
        if self.tracking is Tracking.SERIAL and self.scale:
            raise SerialScale(item_id=self.item_id, scale=self.scale)
        if self.gtin is not None and not is_gtin(self.gtin):
            raise GtinInvalid(gtin=self.gtin)

    @property
    def is_kit(self) -> bool:
        """Tell whether the item is made of others and never on a shelf itself."""
        return self.kit_version is not None

    def revise(self, newer: "Item") -> bool:
        """Take over the newer description; tell whether that changed anything.

        What an item is counted in stays once something was counted. Whether it is disabled is
        not a matter of description.
        """
        recounted = self._differs(newer, FIXED)
        if recounted and self.in_use:
            raise ItemInUse(
                item_id=self.item_id,
                base_unit=self.base_unit,
                scale=self.scale,
                tracking=self.tracking.value,
            )
        redescribed = self._differs(newer, DESCRIBED)
        for name in (*FIXED, *DESCRIBED):
            setattr(self, name, getattr(newer, name))
        return recounted or redescribed

    def _differs(self, newer: "Item", names: tuple[str, ...]) -> bool:
        return any(getattr(self, name) != getattr(newer, name) for name in names)

    def must_hold(self, quantity: Decimal) -> None:
        """Raise `QuantityTooPrecise` for a quantity the item's scale can't express."""
        if quantity != round(quantity, self.scale):
            raise QuantityTooPrecise(
                item_id=self.item_id,
                quantity=plain(quantity),
                scale=self.scale,
                unit=self.base_unit,
                base_unit=self.base_unit,
            )

    def must_be_orderable(self) -> None:
        """Raise `ItemDisabled` for an item that nobody orders any more."""
        if self.disabled:
            raise ItemDisabled(item_id=self.item_id)

    def must_be_sellable(self, *, gift: bool = False) -> None:
        """Raise unless the item may be promised to a customer, for money or as a gift."""
        self.must_be_orderable()
        if not self.for_sale and not gift:
            raise ItemNotForSale(item_id=self.item_id)

    def would_sell_free_goods(self, newer: "Item") -> bool:
        """Tell whether the newer description puts up for sale what came free, if any is left."""
        return newer.for_sale and self.took_free

    def take_free_goods(self) -> None:
        """Note that some came free; raise `FreeGoodsForSale` for what is sold: that has a cost."""
        if self.for_sale:
            raise FreeGoodsForSale(item_id=self.item_id)
        self.took_free = True

    def must_be_stocked(self) -> None:
        """Raise `KitNotStocked` for a kit: it is never on a shelf itself."""
        if self.is_kit:
            raise KitNotStocked(item_id=self.item_id)

    def must_be_named(self, batch_id: str, serials: tuple[str, ...], quantity: Decimal) -> None:
        """Raise unless a line that moves goods names the batch and units that it must."""
        if self.tracking is Tracking.BATCH and not batch_id:
            raise BatchMissing(item_id=self.item_id)
        if self.tracking is Tracking.SERIAL and len(set(serials)) != quantity:
            raise SerialsMissing(
                item_id=self.item_id, quantity=plain(quantity), named=len(set(serials))
            )
        for given, used in (
            ("batch_id", not batch_id or self.tracking is not Tracking.NONE),
            ("serials", not serials or self.tracking is Tracking.SERIAL),
        ):
            if not used:
                raise TrackingUnused(
                    item_id=self.item_id, tracking=self.tracking.value, given=given
                )

    def must_be_named_by_batch(self) -> None:
        """Raise `TrackingUnused` for an item whose batches are not told apart."""
        if self.tracking is Tracking.NONE:
            raise TrackingUnused(
                item_id=self.item_id, tracking=self.tracking.value, given="batch_id"
            )

    def become_kit(self) -> int:
        """Return the number of the kit's next version, which counts from now on."""
        fits = not self.in_use and self.scale == 0 and self.tracking is Tracking.NONE
        if not self.is_kit and not fits:
            raise KitImpossible(item_id=self.item_id)
        self.kit_version = (self.kit_version or 0) + 1
        self.in_use = True
        return self.kit_version


def inspection_rule(item: Item, warehouse: Warehouse) -> str | None:
    """Return what requires that arriving goods are inspected first, if anything does."""
    if item.inspect_on_receipt:
        return f"inspect_on_receipt:item:{item.item_id}"
    if warehouse.inspect_on_receipt:
        return f"inspect_on_receipt:warehouse:{warehouse.warehouse_id}"
    return None


def is_gtin(digits: str) -> bool:
    """Tell whether these are the digits of a GTIN; from the right, every second counts thrice."""
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()):
        return False
    weighted = (int(d) * (3 if n % 2 else 1) for n, d in enumerate(reversed(digits)))
    return sum(weighted) % 10 == 0

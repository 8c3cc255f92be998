"""What items say about the lines of a document."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from purchasing.reference.domain.refusals import (
    BatchDatesCrossed,
    BatchMissing,
    BatchUndated,
    FreeGoodsForSale,
    ItemDisabled,
    KitNotReceived,
    SerialsMissing,
    TrackingUnused,
)


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What a line that brings goods says to tell them apart."""

    batch_id: str = ""
    manufactured_on: date | None = None
    expires_on: date | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """What is known of an item here."""

    item_id: str
    base_unit: str
    scale: int
    tracking: str = "none"
    disabled: bool = False
    shelf_life_days: int | None = None
    kit: bool = False
    for_sale: bool = True
    name: str = ""

    def must_be_free(self, kind: str, line_no: int) -> None:
        """Raise unless free goods may come in as this item."""
        if self.for_sale:
            raise FreeGoodsForSale(line_no=line_no, item_id=self.item_id, line_kind=kind)

    def must_be_orderable(self, line_no: int) -> None:
        """Raise unless the item may be ordered."""
        if self.disabled:
            raise ItemDisabled(line_no=line_no, item_id=self.item_id)
        if self.kit:
            raise KitNotReceived(line_no=line_no, item_id=self.item_id)

    def must_be_named(self, naming: Naming, quantity: Decimal, line_no: int) -> None:
        """Raise unless the line tells the goods apart as far as the item needs, and no further."""
        facts = {"line_no": line_no, "item_id": self.item_id}
        if self.tracking == "batch" and not naming.batch_id:
            raise BatchMissing(**facts)
        named = len(set(naming.serials))
        if self.tracking == "serial" and (named != quantity or named != len(naming.serials)):
            raise SerialsMissing(quantity=_plain(quantity), named=named, **facts)
        if naming.batch_id and self.tracking == "none":
            raise TrackingUnused(tracking=self.tracking, given="batch_id", **facts)
        if naming.serials and self.tracking != "serial":
            raise TrackingUnused(tracking=self.tracking, given="serials", **facts)
        self._must_be_dated(naming, facts)

    def _must_be_dated(self, naming: Naming, facts: dict[str, object]) -> None:
        made, expires = naming.manufactured_on, naming.expires_on
        if (made or expires) and not naming.batch_id:
            given = "manufactured_on" if made else "expires_on"
            raise TrackingUnused(tracking=self.tracking, given=given, **facts)
        if naming.batch_id and self.shelf_life_days is not None and not (made or expires):
            raise BatchUndated(**facts)
        if made and expires and expires < made:
            raise BatchDatesCrossed(manufactured_on=str(made), expires_on=str(expires), **facts)


def _plain(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")

"""Serial numbers: where each unit is. A unit is at one place, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from inventory.catalog.domain import Item
from inventory.stock.domain.movements import NO_BATCH, Kind, Movement, Place, Status
from servicekit.errors import Kind as Meaning
from servicekit.errors import Refusal


class SerialNotThere(Refusal):
    """The unit is not where the document takes it from."""

    kind = Meaning.CONFLICT
    code = "serial_not_there"
    en = (
        "Unit {serial_no} of item {item_id} is {status} at {where}, not {wanted} at {place}."
        " Look at the unit, then name the one that moves."
    )
    zh = (
        "商品 {item_id} 的序列号 {serial_no} 当前为 {status}（{where}），"
        "而不是 {place} 的 {wanted}。请核对实物后再填写。"
    )


class SerialOnHand(Refusal):
    """The unit that comes in is on hand already."""

    kind = Meaning.CONFLICT
    code = "serial_on_hand"
    en = (
        "Unit {serial_no} of item {item_id} is {status} at {where} already. It can't come in again."
    )
    zh = "商品 {item_id} 的序列号 {serial_no} 已在 {where}（{status}），不能重复入库。"


class UnknownSerial(Refusal):
    """The item has no unit of that number."""

    kind = Meaning.NOT_FOUND
    code = "unknown_serial"
    en = "Item {item_id} has no unit {serial_no}. Check the number, or receive the unit first."
    zh = "商品 {item_id} 没有序列号 {serial_no}。请核对序列号，或先办理入库。"


class TraceCodeTaken(Refusal):
    """A trace code stands for one unit."""

    kind = Meaning.CONFLICT
    code = "trace_code_taken"
    en = "Trace code {trace_code} is that of unit {serial_no} of item {item_id}. Check the label."
    zh = "追溯码 {trace_code} 已属于商品 {item_id} 的序列号 {serial_no}。请核对标签。"


class SerialState(StrEnum):
    """What became of a unit; promises are by quantity, so that one in stock may be promised."""

    NEW = "new"
    """Named for the first time by the movement at hand."""
    IN_STOCK = "in_stock"
    IN_INSPECTION = "in_inspection"
    FROZEN = "frozen"
    IN_TRANSIT = "in_transit"
    SHIPPED = "shipped"
    ISSUED = "issued"
    """Used, scrapped, lost or taken back."""


STATE_OF = {
    Status.AVAILABLE: SerialState.IN_STOCK,
    Status.ALLOCATED: SerialState.IN_STOCK,
    Status.IN_INSPECTION: SerialState.IN_INSPECTION,
    Status.FROZEN: SerialState.FROZEN,
}
ON_HAND = frozenset(STATE_OF.values())
GONE_BY = {Kind.SHIPMENT: SerialState.SHIPPED, Kind.DISPATCH: SerialState.IN_TRANSIT}

SerialKey = tuple[str, str]
"""Item and serial number."""


@dataclass(eq=False)
class SerialUnit:
    """A unit with a number of its own; where it is, or was last."""

    item_id: str
    serial_no: str
    batch_id: str = NO_BATCH
    site_id: str = ""
    warehouse_id: str = ""
    state: SerialState = SerialState.NEW
    trace_code: str | None = None
    """The code that public registers know the unit by."""
    was: Sequence[str] = ()
    """What the unit was each time before it came in, the last time last."""

    @property
    def key(self) -> SerialKey:
        """Return item and serial number."""
        return self.item_id, self.serial_no

    @property
    def where(self) -> str:
        """Say where the unit is, or was last."""
        return "/".join(part for part in (self.site_id, self.warehouse_id, self.batch_id) if part)

    def move(self, movement: Movement) -> None:
        """Follow a movement; raise if the unit can't take part in it."""
        place = movement.place
        if movement.source is not None:
            self._must_be_at(place, STATE_OF[movement.source])
        else:
            self._come_in(movement)
        self.site_id, self.warehouse_id = place.site_id, place.warehouse_id
        self.batch_id = place.batch_id
        if movement.target is not None:
            self.state = STATE_OF[movement.target]
        elif movement.undoes is None:
            self.state = GONE_BY.get(movement.kind, SerialState.ISSUED)
        else:
            self.state = self._be_as_before(movement.undoes)

    def _come_in(self, movement: Movement) -> None:
        """Note what the unit was, unless it only comes back by taking back what took it away."""
        if movement.undoes is None:
            self._must_be_gone()
        else:
            self._must_be_gone_by(movement.undoes, movement.place)
        if movement.kind is not Kind.REVERSAL:
            self.was = [*self.was, self.state.value]

    def _be_as_before(self, undone: Kind) -> SerialState:
        """Return what the unit was before it came in, which is taken back.

        One that nobody knew is `ISSUED`; so is one of which nothing was noted, if it was not sent.
        """
        if not self.was:
            return SerialState.IN_TRANSIT if undone is Kind.ARRIVAL else SerialState.ISSUED
        *self.was, before = self.was
        return SerialState.ISSUED if before == SerialState.NEW else SerialState(before)

    def _must_be_gone(self) -> None:
        if self.state in ON_HAND:
            raise SerialOnHand(
                item_id=self.item_id,
                serial_no=self.serial_no,
                status=self.state.value,
                where=self.where,
            )

    def _must_be_gone_by(self, kind: Kind, place: Place) -> None:
        """Hold the rule: only what a movement took away comes back by taking that back."""
        self._must_be_gone()
        wanted = GONE_BY.get(kind, SerialState.ISSUED)
        if self.state is not wanted:
            raise self._not_there(place, wanted)

    def _must_be_at(self, place: Place, wanted: SerialState) -> None:
        here = (self.site_id, self.warehouse_id, self.batch_id)
        if self.state is wanted and here == (place.site_id, place.warehouse_id, place.batch_id):
            return
        raise self._not_there(place, wanted)

    def _not_there(self, place: Place, wanted: SerialState) -> SerialNotThere:
        return SerialNotThere(
            item_id=self.item_id,
            serial_no=self.serial_no,
            status=self.state.value,
            where=self.where or "-",
            wanted=wanted.value,
            place=f"{place.site_id}/{place.warehouse_id}/{place.batch_id}".rstrip("/"),
        )


def trace_code_of(item: Item, unit: SerialUnit) -> str | None:
    """Return a unit's code in GS1 element strings: its GTIN, its batch if any, its serial."""
    if item.gtin is None:
        return None
    batch = f"(10){unit.batch_id}" if unit.batch_id else ""
    return f"(01){item.gtin.zfill(14)}{batch}(21){unit.serial_no}"

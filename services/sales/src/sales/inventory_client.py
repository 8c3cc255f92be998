"""Asks inventory to hold stock for an order, to keep it for good, or to let it go.

Each question has one key for each order, the same at every attempt: however often an answer is
lost, inventory does its part once and says the same again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import structlog
from pydantic import BaseModel

from contracts.wire import BatchCode, Code, Moment, Quantity, Total
from sales.settings import settings_of
from servicekit.client import PeerRefusal, PeerUnavailable, ServiceClient
from servicekit.context import Context
from servicekit.ids import new_id

log = structlog.get_logger()

DECISIONS = frozenset({404, 409, 422})
# Said under a decision's status, but about the moment or the way, not about the order.
UNDECIDED = frozenset({"concurrent_change", "idempotency_key_reused", "no_such_page", "unknown"})


class LineWanted(BaseModel):
    """A line to hold."""

    item_id: Code
    quantity: Quantity
    unit: Code
    batch_id: BatchCode = ""
    serials: tuple[Code, ...] = ()
    gift: bool | None = None
    """Whether it is given away; not said of what is sold."""


class HoldWanted(BaseModel):
    """What inventory is to hold. For one order it must be the same to the letter each time."""

    site_id: Code
    warehouse_id: Code
    order_id: UUID
    lines: list[LineWanted]
    ttl_seconds: int
    paid: bool | None = None
    """Whether it is held for good at once; not said for what is paid later."""
    partial: bool | None = None
    """Whether each line gets what there is; not said where it is all or nothing."""


class LineHeld(BaseModel):
    """A line that inventory holds, in the item's base unit; of a kit it holds the components."""

    line_no: int
    item_id: Code
    quantity: Quantity
    batch_id: BatchCode = ""
    serials: tuple[Code, ...] = ()
    unit_quantity: Quantity | None = None
    """How much of what was asked for that is, if it was asked for in another unit, or is a kit."""
    unit_version: int | None = None
    kit_line_no: int | None = None


class LineDates(BaseModel):
    """The last days on which the batch of a line that is held may be used, and sold."""

    line_no: int
    expires_on: date
    sellable_until: date


class PlaceAsked(BaseModel):
    """A warehouse that might ship."""

    site_id: Code
    warehouse_id: Code


class GoodsWanted(BaseModel):
    """What is wanted at a site, and which warehouses might ship it."""

    site_id: Code
    warehouse_id: Code
    lines: list[LineWanted]
    places: list[PlaceAsked]


class PartFound(BaseModel):
    """What of one item a line takes, in base units."""

    item_id: Code
    batch_id: BatchCode
    quantity: Total


class LineFound(BaseModel):
    """A line as it would be held; `step` is what its quantity can be divided into."""

    line_no: int
    quantity: Quantity
    step: Quantity
    parts: tuple[PartFound, ...]


class StockFound(BaseModel):
    """Some of the goods, available at one of the places."""

    site_id: Code
    warehouse_id: Code
    item_id: Code
    batch_id: BatchCode
    available: Total


class SourcesFound(BaseModel):
    """What the lines take, and what there is of it where."""

    lines: tuple[LineFound, ...]
    stock: tuple[StockFound, ...]


class GoodsAsked(BaseModel):
    """So much of an item, or of its batch, in its base unit."""

    item_id: Code
    quantity: Quantity
    batch_id: BatchCode = ""


class LineExplained(BaseModel):
    """What there is of a line, or of a component of a kit."""

    requested: Total
    available: Total


class Explained(BaseModel):
    """Why it can or can't be shipped: a rule, or the stock of the lines."""

    can_ship: bool
    code: str | None
    facts: dict[str, Any]
    lines: tuple[LineExplained, ...]


class _TakenBack(BaseModel):
    booked_at: Moment


class _Reservation(BaseModel):
    reservation_id: UUID
    expires_at: Moment
    lines: tuple[LineHeld, ...]
    shortages: tuple[dict[str, Any], ...] = ()
    dates: tuple[LineDates, ...] = ()


@dataclass(frozen=True)
class Held:
    """Inventory did what it was asked for."""

    reservation_id: UUID
    expires_at: datetime
    lines: tuple[LineHeld, ...]
    shortages: tuple[dict[str, Any], ...] = ()
    """What inventory says of the lines that are short, if a part is all there is."""
    dates: tuple[LineDates, ...] = ()
    """What it says of the batches that it keeps for good, if they have dates."""


@dataclass(frozen=True)
class Refused:
    """Inventory said no, and would say so again."""

    code: str
    problem: dict[str, Any]


Answer = Held | Refused
Form = TypeVar("Form", bound=BaseModel)


class InventoryClient:
    """The questions sales has; each raises `PeerUnavailable` if no answer is to be had now."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def reserve(
        self, wanted: HoldWanted, asked_before: int = 0, proposals: int = 0
    ) -> Answer:
        """Hold stock for an order, all lines or none; what was refused can be asked for afresh.

        `proposals` counts those that it takes: each came with the answer to the question before.
        """
        key = f"sales:{wanted.order_id}:reserve" + (f":{asked_before}" if asked_before else "")
        key += f":proposed:{proposals}" if proposals else ""
        return await self._ask(
            "/reservations", key, wanted.model_dump(mode="json", exclude_none=True)
        )

    async def confirm(self, order_id: UUID, reservation_id: UUID) -> Answer:
        """Keep what is held, for the order is being paid."""
        path = f"/reservations/{reservation_id}/confirm"
        return await self._ask(path, f"sales:{order_id}:confirm", {})

    async def exchange(
        self,
        order: tuple[UUID, UUID],
        lines: Sequence[LineWanted],
        asked_before: int,
        proposals: int = 0,
    ) -> Answer:
        """Hold other lines for an order instead of what its reservation holds, all or nothing."""
        order_id, reservation_id = order
        path = f"/reservations/{reservation_id}/exchange"
        key = f"sales:{order_id}:exchange:{asked_before}"
        key += f":proposed:{proposals}" if proposals else ""
        wanted = [line.model_dump(mode="json", exclude_none=True) for line in lines]
        return await self._ask(path, key, {"lines": wanted})

    async def release(self, order_id: UUID, reservation_id: UUID) -> Answer:
        """Let go of what is held, for the order is being cancelled."""
        path = f"/reservations/{reservation_id}/release"
        return await self._ask(path, f"sales:{order_id}:release", {"reason": "cancelled"})

    async def release_rest(
        self, order: tuple[UUID, UUID], shipment_id: UUID, shipped: Mapping[int, Decimal]
    ) -> Answer:
        """Let go of what has not left of an order and its reservation, given what has."""
        order_id, reservation_id = order
        path = f"/reservations/{reservation_id}/release-rest"
        lines = [
            {"line_no": line_no, "quantity": f"{quantity.normalize():f}"}
            for line_no, quantity in sorted(shipped.items())
        ]
        body = {"shipment_id": str(shipment_id), "shipped": lines}
        return await self._ask(path, f"sales:{order_id}:release-rest", body)

    async def take_return_back(self, command_id: UUID, body: dict[str, Any]) -> Refused | None:
        """Let what came back leave the books again, all or none; return why not if it doesn't."""
        path, key = "/customer-return-reversals", f"sales:{command_id}:return-reversal"
        said = await self._said(_TakenBack, path, key, body)
        return said if isinstance(said, Refused) else None

    async def look_for_sources(self, wanted: GoodsWanted) -> SourcesFound | Refused:
        """Ask what each of the places has of the goods; nothing is held."""
        # A question: each time it is another one, so no answer of before is brought again.
        key, body = f"sales:{new_id()}", wanted.model_dump(mode="json", exclude_none=True)
        return await self._said(SourcesFound, "/reservations/sources", key, body)

    async def explain(self, site_id: str, warehouse_id: str, goods: GoodsAsked) -> Explained:
        """Ask whether so much of an item could be shipped just now; nothing is held."""
        place = {"site_id": site_id, "warehouse_id": warehouse_id}
        asked = {**place, **goods.model_dump(mode="json")}
        try:
            said = await self._client.get("/reservations/explanations", **asked)
            return Explained.model_validate(said)
        except (PeerRefusal, ValueError) as error:
            log.warning("inventory explains nothing", asked=asked, error=str(error)[:500])
            raise PeerUnavailable from error

    async def _ask(self, path: str, key: str, body: dict[str, Any]) -> Answer:
        said = await self._said(_Reservation, path, key, body)
        if isinstance(said, Refused):
            return said
        return Held(said.reservation_id, said.expires_at, said.lines, said.shortages, said.dates)

    async def _said(
        self, form: type[Form], path: str, key: str, body: dict[str, Any]
    ) -> Form | Refused:
        try:
            return form.model_validate(await self._client.command(path, key, body))
        except PeerRefusal as refusal:
            if refusal.status not in DECISIONS or refusal.peer_code in UNDECIDED:
                log.warning("inventory can't decide", status=refusal.status, body=refusal.body)
                raise PeerUnavailable from refusal
            return Refused(refusal.peer_code, refusal.body)
        except ValueError as error:
            log.warning("inventory is not understood", path=path, error=str(error)[:500])
            raise PeerUnavailable from error


def inventory_of(context: Context) -> InventoryClient:
    """Return the way to inventory."""
    return InventoryClient(context.client(settings_of(context).inventory_url))

"""Recalls, where their goods are, and to whom they went; a recall is locked before all else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.holding import Goods
from inventory.quality.domain.recall import Delivery, Fate, Recall, Told
from inventory.quality.domain.refusals import (
    BatchRecalled,
    RecallNumberTaken,
    UnknownDelivery,
    UnknownRecall,
)
from inventory.quality.tables import recall, recall_reservation, recall_return
from inventory.reservations.domain.reservation import Reservation
from inventory.stock.domain import Place, Status
from servicekit.columns import statement
from servicekit.ids import new_id

NO_KEY = {"key_share": True}
"""Spells FOR NO KEY UPDATE."""
_SCOPE = (bindparam("batches", type_=ARRAY(Text)), bindparam("item", type_=Text))

# From the warehouses to their balances, which are found by their whole key: no index by batch.
_PLACES = text("""
    select site_id, item_id, warehouse_id, batch_id
    from warehouse join stock_balance using (site_id, warehouse_id)
    where item_id = :item and batch_id = any(:batches) and on_hand > frozen
""").bindparams(*_SCOPE)
_UNITS = text("""
    select site_id, item_id, warehouse_id, batch_id, state, array_agg(serial_no order by serial_no)
    from serial_unit
    where item_id = :item
        and serial_order(serial_no) between serial_order(:first) and serial_order(:last)
        and state in ('in_stock', 'in_inspection')
    group by site_id, item_id, warehouse_id, batch_id, state
""")
_HOLDING = statement(
    """
    select reservation_id, sum(outstanding) as quantity
    from unnest(:sites, :items, :warehouses, :batches) as place (site, item, warehouse, batch)
    join reservation_line on site_id = site and item_id = item and warehouse_id = warehouse
        and batch_id = batch
    where outstanding > 0
    group by reservation_id
    """,
    dict.fromkeys(("sites", "items", "warehouses", "batches"), Text),
)
_SHIPPED = text("""
    select site_id, item_id, sequence, batch_id, document_id, document_number,
        effective_at as shipped_at, quantity
    from ledger_entry
    where item_id = :item and batch_id = any(:batches) and batch_id <> '' and kind = 'shipment'
        and not exists (
            select from recall_delivery as known
            where known.recall_id = :recall and known.site_id = ledger_entry.site_id
                and known.sequence = ledger_entry.sequence)
    order by site_id, sequence
""").bindparams(*_SCOPE, bindparam("recall", type_=Uuid))
_SHIPPED_UNITS = text("""
    select site_id, item_id, sequence, batch_id, document_id, document_number,
        effective_at as shipped_at, (
            select count(*) from unnest(serials) as serial_no
            where serial_order(serial_no)
                between serial_order(:first) and serial_order(:last)) as quantity
    from ledger_entry
    where item_id = :item and kind = 'shipment' and serials is not null and serials && (
            select coalesce(array_agg(serial_no), '{}') from serial_unit
            where item_id = :item and serial_order(serial_no)
                between serial_order(:first) and serial_order(:last))
        and not exists (
            select from recall_delivery as known
            where known.recall_id = :recall and known.site_id = ledger_entry.site_id
                and known.sequence = ledger_entry.sequence)
    order by site_id, sequence
""").bindparams(bindparam("item", type_=Text), bindparam("recall", type_=Uuid))
_CAME_BACK = text("""
    select * from (
        select known.site_id, known.sequence, back.sequence as entry, back.undoes,
            entry.document_id, entry.document_number, user_id,
            case when cast(:first as text) is null then entry.quantity else (
                select count(*) from unnest(serials) as serial_no
                where serial_order(serial_no)
                    between serial_order(:first) and serial_order(:last)) end as quantity
        from recall_delivery as known
        join entry_of_return as back on back.site_id = known.site_id
            and back.item_id = known.item_id and back.left_by = known.sequence
        join ledger_entry as entry on entry.site_id = back.site_id
            and entry.item_id = back.item_id and entry.sequence = back.sequence
        where known.recall_id = :recall and not exists (
            select from recall_return as told
            where told.recall_id = :recall and told.site_id = known.site_id
                and told.entry = back.sequence)
    ) as booked
    where quantity > 0 order by site_id, entry
""").bindparams(
    bindparam("recall", type_=Uuid),
    *(bindparam(name, type_=Text) for name in ("first", "last")),
)
_ORDERS = text(
    "select shipment_id, order_id from order_shipment where shipment_id = any(:documents)"
).bindparams(bindparam("documents", type_=ARRAY(Uuid)))


async def add(session: AsyncSession, given: Recall) -> None:
    """Add a recall; raise if another one has its number, or calls one of its batches back."""
    table = recall.c
    overlapping = select(table.number, table.batches).where(
        table.item_id == given.item_id,
        table.batches.overlap(given.batches),
        table.outcome.is_(None),
    )
    for other in await session.execute(overlapping):
        batch_id = min(set(other.batches) & set(given.batches))
        raise BatchRecalled(item_id=given.item_id, batch_id=batch_id, number=other.number)
    row = {column.name: getattr(given, column.name) for column in table}
    added = insert(recall).values(row).on_conflict_do_nothing(index_elements=["number"])
    if await session.scalar(added.returning(table.recall_id)) is None:
        raise RecallNumberTaken(number=given.number)


async def load(session: AsyncSession, recall_id: UUID) -> Recall:
    """Return a recall, or raise `UnknownRecall`."""
    found = await session.get(Recall, recall_id)
    if found is None:
        raise UnknownRecall(recall_id=recall_id)
    return found


async def lock(session: AsyncSession, recall_id: UUID) -> Recall:
    """Return a recall, locked, or raise `UnknownRecall`."""
    found = await session.get(Recall, recall_id, with_for_update=NO_KEY, populate_existing=True)
    if found is None:
        raise UnknownRecall(recall_id=recall_id)
    return found


async def open_ids(session: AsyncSession) -> Sequence[UUID]:
    """Return the recalls that are open."""
    return (
        await session.scalars(select(recall.c.recall_id).where(recall.c.outcome.is_(None)))
    ).all()


async def lock_open(session: AsyncSession, recall_id: UUID) -> Recall | None:
    """Return a recall, locked, if it is still open and nobody works on it."""
    wanted = (
        select(Recall)
        .where(recall.c.recall_id == recall_id, recall.c.outcome.is_(None))
        .with_for_update(key_share=True, skip_locked=True)
    )
    return (await session.scalars(wanted)).one_or_none()


async def places(session: AsyncSession, called: Recall) -> list[Place]:
    """Return where called back goods lie that are not frozen yet."""
    if called.first_serial is not None:
        return sorted({one.place for one in await units(session, called)})
    given = {"item": called.item_id, "batches": called.batches}
    return [Place(*row) for row in await session.execute(_PLACES, given)]


async def units(session: AsyncSession, called: Recall) -> list[Goods]:
    """Return the units called back by number that are not frozen yet, where they lie."""
    given = {"item": called.item_id, "first": called.first_serial, "last": called.last_serial}
    status_of = {"in_stock": Status.AVAILABLE, "in_inspection": Status.IN_INSPECTION}
    return [
        Goods(Place(*place), Decimal(len(serials)), status_of[state], serials=tuple(serials))
        for *place, state, serials in await session.execute(_UNITS, given)
    ]


async def holding(session: AsyncSession, wanted: Collection[Place]) -> dict[UUID, Decimal]:
    """Return the reservations that hold something at these places, and how much."""
    given = {
        "sites": [one.site_id for one in wanted],
        "items": [one.item_id for one in wanted],
        "warehouses": [one.warehouse_id for one in wanted],
        "batches": [one.batch_id for one in wanted],
    }
    return {row.reservation_id: row.quantity for row in await session.execute(_HOLDING, given)}


async def keep_released(
    session: AsyncSession,
    recall_id: UUID,
    released: Sequence[tuple[Reservation, Decimal]],
    at: datetime,
) -> None:
    """Keep which reservations had to let go, and how much of the called back goods they held."""
    rows = [
        {
            "recall_id": recall_id,
            "site_id": one.site_id,
            "reservation_id": one.reservation_id,
            "order_id": one.order_id,
            "quantity": quantity,
            "released_at": at,
        }
        for one, quantity in released
    ]
    if rows:
        await session.execute(insert(recall_reservation).on_conflict_do_nothing(), rows)


async def keep_deliveries(session: AsyncSession, called: Recall) -> None:
    """Keep the shipments of called back goods that are not followed yet."""
    given = {"recall": called.recall_id, "item": called.item_id}
    if called.first_serial is None:
        found = await session.execute(_SHIPPED, given | {"batches": called.batches})
    else:
        scope = {"first": called.first_serial, "last": called.last_serial}
        found = await session.execute(_SHIPPED_UNITS, given | scope)
    shipped = found.all()
    documents = {"documents": [row.document_id for row in shipped]}
    orders = {row.shipment_id: row.order_id for row in await session.execute(_ORDERS, documents)}
    session.add_all(
        Delivery(
            recall_id=called.recall_id,
            site_id=row.site_id,
            item_id=row.item_id,
            sequence=row.sequence,
            batch_id=row.batch_id,
            quantity=Decimal(row.quantity),
            document_id=row.document_id,
            document_number=row.document_number,
            shipped_at=row.shipped_at,
            order_id=orders.get(row.document_id),
        )
        for row in shipped
    )
    await session.flush()


async def lock_delivery(
    session: AsyncSession, called: Recall, site_id: str, sequence: int
) -> Delivery:
    """Return a delivery that a recall follows, locked, or raise `UnknownDelivery`."""
    key = (called.recall_id, site_id, sequence)
    found = await session.get(Delivery, key, with_for_update=NO_KEY, populate_existing=True)
    if found is None:
        raise UnknownDelivery(number=called.number, site_id=site_id, sequence=sequence)
    return found


@dataclass(frozen=True)
class Return:
    """What somebody says has become of delivered goods, or what the ledger says of it."""

    return_id: UUID
    site_id: str
    sequence: int
    fate: Fate
    quantity: Decimal
    document_id: UUID | None
    """The document with which they came in again, if one did."""
    note: str | None
    recorded_by: str
    recorded_at: datetime
    entry: int | None = None
    """The ledger's number of what counts by itself."""
    undoes: int | None = None


async def booked_returns(session: AsyncSession, called: Recall, at: datetime) -> list[Return]:
    """Return what customers returned of a recall's deliveries, and what of that was undone.

    Each entry of the ledger is told of once.
    """
    given = {
        "recall": called.recall_id,
        "first": called.first_serial,
        "last": called.last_serial,
    }
    return [
        Return(
            return_id=new_id(),
            site_id=row.site_id,
            sequence=row.sequence,
            fate=Fate.RECOVERED if row.undoes is None else Fate.TAKEN_BACK,
            quantity=Decimal(row.quantity),
            document_id=row.document_id,
            note=row.document_number,
            recorded_by=row.user_id,
            recorded_at=at,
            entry=row.entry,
            undoes=row.undoes,
        )
        for row in await session.execute(_CAME_BACK, given)
    ]


async def told_of(session: AsyncSession, delivery: Delivery) -> list[Told]:
    """Return all that was said of a delivery, in the order in which it was."""
    table = recall_return.c
    wanted = (
        select(table.fate, table.quantity, table.document_id, table.entry, table.undoes)
        .where(
            table.recall_id == delivery.recall_id,
            table.site_id == delivery.site_id,
            table.sequence == delivery.sequence,
        )
        .order_by(table.recorded_at, table.return_id)
    )
    return [Told(*row) for row in await session.execute(wanted)]


async def add_return(session: AsyncSession, recall_id: UUID, given: Return) -> None:
    """Keep what has become of delivered goods."""
    row = {column.name: getattr(given, column.name) for column in recall_return.c[1:]}
    await session.execute(insert(recall_return).values(recall_id=recall_id, **row))


@dataclass(frozen=True)
class Tally:
    """What was delivered of a recall's goods, and what became of it."""

    shipped: Decimal
    recovered: Decimal
    written_off: Decimal

    @property
    def outstanding(self) -> Decimal:
        """Return what nobody has said anything about yet."""
        return self.shipped - self.recovered - self.written_off


async def tally(session: AsyncSession, recall_id: UUID) -> Tally:
    """Return what was delivered of a recall's goods, and what became of it."""
    statement = text("""
        select coalesce(sum(quantity), 0) as shipped, coalesce(sum(recovered), 0) as recovered,
            coalesce(sum(written_off), 0) as written_off
        from recall_delivery where recall_id = :recall
    """)
    row = (await session.execute(statement, {"recall": recall_id})).one()
    return Tally(row.shipped, row.recovered, row.written_off)

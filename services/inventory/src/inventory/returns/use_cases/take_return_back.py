"""Take a customer's return back: its goods leave the books in the call that asks, or it is refused.

They may have been inspected, released and sold again since, which nobody but inventory knows; so it
is asked, as it is for goods that go back to suppliers. Asked once more, the answer is the same.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReturnReversalBooked, StockReturnReversed
from inventory.catalog.domain import plain
from inventory.reservations import store as reservations
from inventory.reservations.use_cases.guard_units import must_not_be_promised
from inventory.returns.domain import (
    Part,
    ReturnedGoodsGone,
    ReturnedUnit,
    ReturnNotInLedger,
    ReturnReversal,
    parts_of,
)
from inventory.returns.use_cases.explain_shortage import explain_shortage
from inventory.stock import store as books
from inventory.stock.domain import STATE_OF, Balance, Entry, Kind, Movement, Place, SerialUnit
from inventory.stock.use_cases.book_movements import book_movements
from servicekit import outbox
from servicekit.clock import now

Units = Mapping[tuple[str, str], SerialUnit]


async def take_return_back(session: AsyncSession, asked: ReturnReversal) -> datetime:
    """Return when the goods left the books again, which they do once."""
    at, reversal_id = now(), asked.document.document_id
    if not await books.admit_documents(session, [reversal_id], at):
        return await books.booked_at(session, reversal_id)
    entries = await returned_entries(session, asked, Kind.RETURN)
    opened = await books.open_books(session, {one.movement.place for one in entries})
    units = await books.lock_serials(
        session,
        {
            (one.movement.place.item_id, serial_no)
            for one in entries
            for serial_no in one.movement.serials
        },
    )
    parts, short = parts_of(
        entries, opened.balances, {key: _where(unit) for key, unit in units.items()}
    )
    if short:
        raise await _gone(session, asked, short, (opened.balances, units))
    left_by = await books.shipped_entries(session, {asked.about})
    moves = [(_movement(asked, part), part) for part in parts]
    await must_not_be_promised(session, [movement for movement, _ in moves])
    undone = list[reservations.CameBack]()

    def told(entry: Entry, part: Part) -> StockReturnReversed:
        fact = _fact(entry, part, asked, left_by)
        stream = entry.movement.place.stream
        undone.append(
            reservations.CameBack(*stream, entry.sequence, fact.shipped_by, fact.reverses)
        )
        return fact

    await book_movements(session, moves, told)
    await reservations.keep_returns(session, undone)
    booked = ReturnReversalBooked(
        reversal_id=reversal_id, return_id=asked.return_id, site_id=asked.site_id, booked_at=at
    )
    await outbox.add(session, [booked])
    return at


async def returned_entries(
    session: AsyncSession, asked: ReturnReversal, kind: Kind
) -> Sequence[Entry]:
    """Return the entries of the return that is taken back; raise unless there is one of each line.

    The owner of the return says its lines; where the ledger knows others it is another document.
    """
    entries = await books.document_entries(session, asked.site_id, asked.return_id, kind)
    if sorted(one.movement.line_no for one in entries) != sorted(asked.lines):
        raise ReturnNotInLedger(number=asked.document.number, return_number=asked.return_number)
    return entries


def _where(unit: SerialUnit) -> ReturnedUnit:
    place = Place(unit.site_id, unit.item_id, unit.warehouse_id, unit.batch_id)
    status = next((one for one, state in STATE_OF.items() if state is unit.state), None)
    return ReturnedUnit(place, status)


def _movement(asked: ReturnReversal, part: Part) -> Movement:
    undone = part.entry.movement
    return Movement(
        Kind.REVERSAL,
        undone.place,
        part.quantity,
        asked.document,
        undone.line_no,
        source=part.status,
        target=None,
        rule="reversal",
        reverses=part.entry.sequence,
        serials=part.serials,
        undoes=Kind.RETURN,
    )


def _fact(
    entry: Entry, part: Part, asked: ReturnReversal, left_by: Mapping[books.DocumentLine, int]
) -> StockReturnReversed:
    movement, document = entry.movement, entry.movement.document
    line_no = asked.lines[movement.line_no]
    shipped_by = left_by.get((asked.about, movement.place.item_id, line_no))
    if shipped_by is None:
        raise ReturnNotInLedger(number=document.number, return_number=asked.return_number)
    return StockReturnReversed.model_validate(
        {
            **movement.place._asdict(),
            "sequence": entry.sequence,
            "quantity": movement.quantity,
            "document_id": document.document_id,
            "document_number": document.number,
            "line_no": movement.line_no,
            "effective_at": document.effective_at,
            "posted_at": document.posted_at,
            "serials": movement.serials,
            "user_id": document.user_id,
            "device_id": document.device_id,
            "reverses": part.entry.sequence,
            "shipped_by": shipped_by,
            "reversed_before": part.before,
            "source": part.status,
            "return_id": asked.return_id,
            "shipment_id": asked.about,
            "shipment_line_no": line_no,
            "order_id": asked.order_id,
        }
    )


async def _gone(
    session: AsyncSession,
    asked: ReturnReversal,
    short: Sequence[Entry],
    found: tuple[Mapping[Place, Balance], Units],
) -> ReturnedGoodsGone:
    balances, units = found
    said = await explain_shortage(session, {one.movement.place for one in short}, balances)
    return ReturnedGoodsGone(
        return_number=asked.return_number,
        lines_short=len(short),
        lines=[
            {
                "line_no": one.movement.line_no,
                "wanted": plain(one.movement.quantity),
                **said[one.movement.place],
                "units_elsewhere": list(_elsewhere(one.movement, units)),
            }
            for one in short
        ],
    )


def _elsewhere(movement: Movement, units: Units) -> Sequence[Mapping[str, str]]:
    known = [units[movement.place.item_id, serial_no] for serial_no in movement.serials]
    return [
        {"serial_no": unit.serial_no, "state": unit.state.value, "where": unit.where}
        for unit in known
        if _where(unit).status is None or _where(unit).place != movement.place
    ]

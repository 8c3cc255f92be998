"""Name trace codes that were given to units by others, such as a public register."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock import store
from inventory.stock.domain import TraceCodeTaken, UnknownSerial


async def name_trace_codes(session: AsyncSession, item_id: str, codes: Mapping[str, str]) -> None:
    """Keep the codes by serial number; raise for a unit nobody knows, or a code that is taken."""
    units = await store.lock_serials(session, {(item_id, serial_no) for serial_no in codes})
    for serial_no in sorted(codes):
        if (item_id, serial_no) not in units:
            raise UnknownSerial(item_id=item_id, serial_no=serial_no)
    for holder in await store.find_trace_codes(session, codes.values()):
        if codes.get(holder.serial_no) != holder.trace_code or holder.item_id != item_id:
            raise TraceCodeTaken(
                trace_code=holder.trace_code, item_id=holder.item_id, serial_no=holder.serial_no
            )
    for serial_no, code in codes.items():
        units[item_id, serial_no].trace_code = code
    await session.flush()

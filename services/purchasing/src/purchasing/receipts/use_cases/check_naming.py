"""Check that a receipt tells its goods apart as inventory will need it to."""

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.receipts.domain import Receipt
from purchasing.reference import store as reference
from purchasing.reference.domain import Naming


async def check_naming(session: AsyncSession, receipt: Receipt) -> None:
    """Raise for a line that lacks what its item needs by now: nothing is left for inventory."""
    items = await reference.items_of(session, [line.item_id for line in receipt.lines])
    for line in receipt.lines:
        naming = Naming(
            batch_id=line.batch_id,
            manufactured_on=line.manufactured_on,
            expires_on=line.expires_on,
            serials=line.serials,
        )
        items[line.item_id].must_be_named(naming, line.quantity, line.line_no)

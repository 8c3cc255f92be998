"""Propose batches where a line should have named one: nothing is ever picked silently."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import BatchMissing, plain
from inventory.reservations.domain.assortment import Assortment, Wanted
from inventory.stock.domain import Proposal
from inventory.stock.queries import propose_fefo
from servicekit.errors import Refusal


async def propose_batches(
    session: AsyncSession, refused: Iterable[tuple[Wanted, Refusal]], assortment: Assortment
) -> None:
    """Let refusals for want of a batch say which to take, first expiry first out."""
    found = dict[tuple[str, str, str, Decimal], Proposal]()
    for wanted, refusal in refused:
        if not isinstance(refusal, BatchMissing):
            continue
        item_id = str(refusal.facts["item_id"])
        quantity = assortment.needed(wanted, item_id)
        asked = (wanted.site_id, wanted.warehouse_id, item_id, quantity)
        if asked not in found:
            found[asked] = await propose_fefo(session, *asked)
        refusal.facts["proposal"] = _told(found[asked])


def _told(proposal: Proposal) -> dict[str, object]:
    return {
        "picks": [
            {
                "batch_id": pick.offer.batch.batch_id,
                "expires_on": pick.offer.batch.expires_on,
                "quantity": plain(pick.quantity),
            }
            for pick in proposal.picks
        ],
        "left_out": [
            {"batch_id": one.offer.batch.batch_id, "code": one.reason.code}
            for one in proposal.left_out
        ],
        "missing": plain(proposal.missing),
    }

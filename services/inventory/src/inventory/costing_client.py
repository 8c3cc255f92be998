"""What inventory asks costing: what goods are worth. It does without, if costing doesn't say."""

from decimal import Decimal
from typing import NamedTuple

import structlog
from pydantic import BaseModel, ValidationError

from contracts.wire import Amount, Currency, Total
from inventory.settings import settings_of
from servicekit.client import PeerRefusal, PeerUnavailable
from servicekit.context import Context
from servicekit.http.pages import MAX_ROWS, cursor_of

log = structlog.get_logger()


class Value(NamedTuple):
    """What costing has of an item, as of entry `sequence` of its ledger."""

    sequence: int
    quantity: Decimal
    value: Decimal
    currency: str


class _Row(BaseModel):
    item_id: str
    sequence: int
    quantity: Total
    value: Amount
    currency: Currency


class _Page(BaseModel):
    items: list[_Row]


async def values(
    context: Context, site_id: str, after_item: str | None, limit: int
) -> dict[str, Value] | None:
    """Return the values of a site's items after one of them, or None if costing can't say now.

    Costing lists its streams in the order in which inventory does, and has no others: so many of
    them reach at least as far as a page of so many items here.
    """
    url = settings_of(context).costing_url
    if url is None:
        return None
    cursor = None if after_item is None else cursor_of([site_id, after_item])
    asked = {"site_id": site_id, "cursor": cursor, "limit": min(limit, MAX_ROWS)}
    try:
        answer = await context.client(str(url).rstrip("/")).get("/costs", **asked)
        rows = _Page.model_validate(answer).items
    except (PeerUnavailable, PeerRefusal, ValidationError) as error:
        log.warning("costing does not say what stock is worth", error=repr(error)[:300])
        return None
    return {row.item_id: Value(row.sequence, row.quantity, row.value, row.currency) for row in rows}

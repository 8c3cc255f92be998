"""Draft what has become of a dispatch: goods that arrived, or never will."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import Item
from inventory.documents.domain import (
    Actor,
    DocumentKind,
    Draft,
    DraftLine,
    NothingInTransit,
    NotOnDispatch,
    StockDocument,
    Transit,
    must_be_dispatched,
)
from inventory.documents.use_cases.draft_document import draft_document
from inventory.stock import store as books
from inventory.stock.domain import Status


class Received(NamedTuple):
    """How much of a line of a dispatch; in base units if no unit is named."""

    dispatch_line_no: int
    quantity: Decimal
    unit: str | None = None
    serials: tuple[str, ...] = ()
    target_status: Status | None = None


async def draft_from_dispatch(
    session: AsyncSession,
    dispatch: StockDocument,
    draft: Draft,
    received: Sequence[Received],
    author: Actor,
) -> StockDocument:
    """Return a draft at the place the dispatch goes to; without lines, of all in transit."""
    must_be_dispatched(dispatch)
    site_id = dispatch.to_site_id or ""
    transit = await books.lock_in_transit(session, site_id, dispatch.document_id)
    items = await catalog.load_items(session, {sent.item_id for sent in transit.values()})
    there = replace(
        draft,
        site_id=site_id,
        warehouse_id=dispatch.to_warehouse_id,
        dispatch_id=dispatch.document_id,
        lines=_lines(dispatch, transit, items, received or _rest(draft.kind, dispatch, transit)),
    )
    return await draft_document(session, there, author)


def _rest(kind: DocumentKind, dispatch: StockDocument, transit: Transit) -> list[Received]:
    """Return all that is awaited; which units are lost is known, which arrived has to be seen."""
    is_loss = kind is DocumentKind.TRANSFER_LOSS
    rest = [
        Received(line_no, sent.outstanding, serials=tuple(sent.awaited) if is_loss else ())
        for line_no, sent in transit.items()
        if sent.outstanding
    ]
    if not rest:
        raise NothingInTransit(number=dispatch.number)
    return rest


def _lines(
    dispatch: StockDocument,
    transit: Transit,
    items: Mapping[str, Item],
    received: Sequence[Received],
) -> list[DraftLine]:
    lines = []
    for line_no, one in enumerate(received, start=1):
        if (sent := transit.get(one.dispatch_line_no)) is None:
            raise NotOnDispatch(
                line_no=line_no, dispatch_line_no=one.dispatch_line_no, number=dispatch.number
            )
        lines.append(
            DraftLine(
                item_id=sent.item_id,
                quantity=one.quantity,
                unit=one.unit or items[sent.item_id].base_unit,
                batch_id=sent.batch_id,
                serials=one.serials,
                target_status=one.target_status,
                dispatch_line_no=one.dispatch_line_no,
            )
        )
    return lines

"""The documents that put the books right: drafted from differences, found again, given up."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import Item
from inventory.counting.domain.counts import Finding, Part
from inventory.counting.domain.line import CountLine, Settlement
from inventory.counting.domain.sheet import CountSheet
from inventory.documents import store as documents
from inventory.documents.domain import (
    Actor,
    DocumentKind,
    DocumentStatus,
    Draft,
    DraftLine,
    StockDocument,
)
from inventory.documents.use_cases.cancel_document import cancel_document
from inventory.documents.use_cases.draft_document import draft_document

DOCUMENT_LINES_MAX = 500


@dataclass(frozen=True)
class Side:
    """One of the two ways in which books are wrong."""

    kind: DocumentKind
    part_of: Callable[[Finding], Part]
    slot: str
    """Where a line names the document."""


SIDES = (
    Side(DocumentKind.STOCKTAKE_GAIN, lambda found: found.gained, "gain"),
    Side(DocumentKind.STOCKTAKE_LOSS, lambda found: found.lost, "loss"),
)
Found = tuple[CountLine, Part]


async def draft_differences(
    session: AsyncSession, sheet: CountSheet, lines: Iterable[CountLine], author: Actor
) -> None:
    """Draft gain and loss documents, for each warehouse its own; the lines name theirs."""
    found = [(line, line.result) for line in lines if line.result is not None and line.result.off]
    items = await catalog.load_items(session, {line.place.item_id for line, _ in found})
    for side in SIDES:
        parts = [(line, side.part_of(result)) for line, result in found]
        for some in _by_document([(line, part) for line, part in parts if part.quantity]):
            draft = Draft(
                kind=side.kind,
                site_id=sheet.site_id,
                warehouse_id=some[0][0].place.warehouse_id,
                source_document=sheet.number,
                lines=[_drafted(line, part, items) for line, part in some],
            )
            document = await draft_document(session, draft, author)
            for line_no, (line, _) in enumerate(some, start=1):
                setattr(line, side.slot, Settlement(document.document_id, line_no))


def _by_document(found: list[Found]) -> Iterator[list[Found]]:
    found.sort(key=lambda one: (one[0].place.warehouse_id, one[0].line_no))
    for _, group in groupby(found, key=lambda one: one[0].place.warehouse_id):
        some = list(group)
        for start in range(0, len(some), DOCUMENT_LINES_MAX):
            yield some[start : start + DOCUMENT_LINES_MAX]


def _drafted(line: CountLine, part: Part, items: Mapping[str, Item]) -> DraftLine:
    return DraftLine(
        item_id=line.place.item_id,
        quantity=part.quantity,
        unit=items[line.place.item_id].base_unit,
        batch_id=line.place.batch_id,
        serials=part.serials,
    )


async def lock_documents(
    session: AsyncSession, lines: Iterable[CountLine]
) -> dict[UUID, StockDocument]:
    """Return the documents that lines name, locked in the order of their ids."""
    ids = {settlement.document_id for line in lines for settlement, _ in line.settled_by}
    return {one: await documents.lock(session, one) for one in sorted(ids)}


async def cancel_differences(
    session: AsyncSession, lines: Iterable[CountLine], actor: Actor
) -> None:
    """Give up the documents that lines name; one that was posted meanwhile can't be."""
    for document in (await lock_documents(session, lines)).values():
        if document.status is not DocumentStatus.CANCELLED:
            await cancel_document(session, document, actor)

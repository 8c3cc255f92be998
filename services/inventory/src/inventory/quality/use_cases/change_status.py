"""Change what may be done with goods: by posted documents, whoever or whatever decides."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import Item
from inventory.documents.domain import Actor, DocumentKind, Draft, DraftLine
from inventory.documents.use_cases.audit_document import audit_document
from inventory.documents.use_cases.draft_document import draft_document
from inventory.documents.use_cases.post_document import post_document
from inventory.quality.domain.holding import Goods, Rule, by_warehouse, freezable
from inventory.quality.store import goods as store
from inventory.stock import store as books
from inventory.stock.domain import Place, Status

LINES_AT_ONCE = 500
NOT_PROMISED = (Status.AVAILABLE, Status.IN_INSPECTION)
"""What is frozen of bad goods: promises are let go of first."""


@dataclass(frozen=True)
class Cause:
    """Why goods change their status, and who says so."""

    kind: DocumentKind
    actor: Actor
    reason: str
    source_document: str | None = None
    rule: Rule | None = None


async def change_status(session: AsyncSession, goods: Sequence[Goods], cause: Cause) -> list[UUID]:
    """Post documents that let goods change their status; return their ids.

    Who lets goods of several warehouses change must have opened the books of all of them before.
    """
    items = await catalog.load_items(session, {one.place.item_id for one in goods})
    posted = []
    for (site_id, warehouse_id), lines in _parts(goods):
        draft = Draft(
            kind=cause.kind,
            site_id=site_id,
            warehouse_id=warehouse_id,
            reason=cause.reason,
            source_document=cause.source_document,
            lines=[_line(one, items[one.place.item_id], cause.rule) for one in lines],
        )
        document = await draft_document(session, draft, cause.actor)
        await audit_document(session, document, cause.actor)
        await post_document(session, document, cause.actor, inspected=True)
        posted.append(document.document_id)
    return posted


async def freeze_by_rule(
    session: AsyncSession,
    places: Collection[Place],
    statuses: Collection[Status],
    cause: Cause,
) -> list[UUID]:
    """Freeze all that is in these statuses at these places, which nobody else changes meanwhile."""
    if not places:
        return []
    opened = await books.open_books(session, places)
    goods = await store.name_units(session, freezable(opened.balances, statuses))
    return await change_status(session, goods, cause)


def by_rule(rule: Rule, reason: str, source_document: str | None = None) -> Cause:
    """Return the cause of what a rule freezes."""
    return Cause(DocumentKind.FREEZE, Actor(rule.user_id), reason, source_document, rule)


def _parts(goods: Sequence[Goods]) -> Iterator[tuple[tuple[str, str], list[Goods]]]:
    for warehouse, lines in by_warehouse(goods):
        for start in range(0, len(lines), LINES_AT_ONCE):
            yield warehouse, lines[start : start + LINES_AT_ONCE]


def _line(goods: Goods, item: Item, rule: Rule | None) -> DraftLine:
    return DraftLine(
        item_id=goods.place.item_id,
        quantity=goods.quantity,
        unit=item.base_unit,
        batch_id=goods.place.batch_id,
        serials=goods.serials,
        source_status=goods.source,
        target_status=goods.target,
        rule=None if rule is None else rule.value,
    )

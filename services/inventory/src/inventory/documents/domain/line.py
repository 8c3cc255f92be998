"""Lines of documents: as they are asked for, and as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.catalog.domain import BaseQuantity
from inventory.documents.domain.kinds import RULES, DocumentKind, Path
from inventory.documents.domain.refusals import CostNotTaken, CostWithoutCurrency, StatusNotPossible
from inventory.stock.domain import NO_BATCH, Status

COSTED = frozenset({DocumentKind.RECEIPT, DocumentKind.ADJUSTMENT, DocumentKind.STOCKTAKE_GAIN})
"""Kinds whose goods may come in at a cost of their own."""


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """A line as it is asked for. Statuses that are not named are the usual ones of the kind."""

    item_id: str
    quantity: Decimal
    unit: str
    batch_id: str = NO_BATCH
    serials: Sequence[str] = ()
    source_status: Status | None = None
    target_status: Status | None = None
    rejected: bool = False
    """Inspected goods that leave the books."""
    unit_cost: Decimal | None = None
    """Per base unit."""
    rule: str | None = None
    """What decided, if it was not a person."""
    dispatch_line_no: int | None = None


@dataclass(eq=False, kw_only=True)
class DocumentLine:
    """Goods that a document moves, from `source` to `target`; the quantity is in base units."""

    line_no: int
    item_id: str
    quantity: Decimal
    unit: str
    unit_quantity: Decimal
    """The quantity as it was given, in `unit`."""
    unit_version: int
    source: Status | None
    target: Status | None
    batch_id: str = NO_BATCH
    serials: Sequence[str] = ()
    unit_cost: Decimal | None = None
    rule: str | None = None
    dispatch_line_no: int | None = None
    """The line of the dispatch that this arrival or loss is about."""

    @classmethod
    def of(
        cls, kind: DocumentKind, line_no: int, given: DraftLine, measured: BaseQuantity
    ) -> "DocumentLine":
        """Return the line that was asked for, measured in base units."""
        source, target = _path_of(kind, line_no, given)
        return cls(
            line_no=line_no,
            item_id=given.item_id,
            quantity=measured.quantity,
            unit=measured.unit,
            unit_quantity=measured.unit_quantity,
            unit_version=measured.version,
            source=source,
            target=target,
            batch_id=given.batch_id,
            serials=list(given.serials),
            unit_cost=given.unit_cost,
            rule=given.rule,
            dispatch_line_no=given.dispatch_line_no,
        )

    def must_be_priced_for(self, kind: DocumentKind, currency: str | None) -> None:
        """Raise unless a cost is one of goods that come in, in a currency that is named."""
        if self.unit_cost is None:
            return
        if kind not in COSTED or self.source is not None:
            raise CostNotTaken(line_no=self.line_no, document_kind=kind.value)
        if currency is None:
            raise CostWithoutCurrency(line_no=self.line_no)

    def hold_for_inspection(self, rule: str) -> None:
        """Let goods that come in wait for their inspection, as the rule demands."""
        if self.target is Status.AVAILABLE:
            self.target, self.rule = Status.IN_INSPECTION, rule


def _path_of(kind: DocumentKind, line_no: int, given: DraftLine) -> Path:
    path = RULES[kind].path(given.source_status, given.target_status, out=given.rejected)
    if path is None:
        possible = "; ".join(f"{_named(one[0])} → {_named(one[1])}" for one in RULES[kind].paths)
        raise StatusNotPossible(
            line_no=line_no,
            document_kind=kind.value,
            source=_named(given.source_status),
            target="out" if given.rejected else _named(given.target_status),
            possible=possible,
        )
    return path


def _named(status: Status | None) -> str:
    return "-" if status is None else status.value

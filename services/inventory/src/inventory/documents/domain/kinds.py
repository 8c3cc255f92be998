"""The kinds of stock documents. What tells them apart stands in one table, `RULES`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inventory.stock.domain import Status


class DocumentKind(StrEnum):
    """What a document is for."""

    RECEIPT = "receipt"
    """Goods that come in without a supplier's order."""
    ISSUE = "issue"
    """Goods that are taken for use."""
    SCRAP = "scrap"
    ADJUSTMENT = "adjustment"
    """The books were wrong: a correction by hand, up or down."""
    TRANSFER_DISPATCH = "transfer_dispatch"
    TRANSFER_ARRIVAL = "transfer_arrival"
    TRANSFER_LOSS = "transfer_loss"
    """What was dispatched and will never arrive."""
    STOCKTAKE_GAIN = "stocktake_gain"
    STOCKTAKE_LOSS = "stocktake_loss"
    INSPECTION = "inspection"
    """Goods in inspection are released, frozen or rejected."""
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    REVERSAL = "reversal"
    """Takes back all that another document did, and names it."""


class Need(StrEnum):
    """What a document can't do without."""

    SITE = "site_id"
    WAREHOUSE = "warehouse_id"
    SOURCE_DOCUMENT = "source_document"
    """The paper, ticket or mail that it goes back to."""
    APPROVER = "approver"
    REASON = "reason"
    TARGET_SITE = "to_site_id"
    TARGET_WAREHOUSE = "to_warehouse_id"
    DISPATCH = "dispatch_id"


Path = tuple[Status | None, Status | None]
"""From which status goods go to which: without the first they come in, without the second out."""

IN: tuple[Path, ...] = (
    (None, Status.AVAILABLE),
    (None, Status.IN_INSPECTION),
    (None, Status.FROZEN),
)
OUT: tuple[Path, ...] = (
    (Status.AVAILABLE, None),
    (Status.FROZEN, None),
    (Status.IN_INSPECTION, None),
)
INSPECTED: tuple[Path, ...] = (
    (Status.IN_INSPECTION, Status.AVAILABLE),
    (Status.IN_INSPECTION, Status.FROZEN),
    (Status.IN_INSPECTION, None),
)
FROZEN: tuple[Path, ...] = (
    (Status.AVAILABLE, Status.FROZEN),
    (Status.IN_INSPECTION, Status.FROZEN),
)
UNFROZEN: tuple[Path, ...] = (
    (Status.FROZEN, Status.AVAILABLE),
    (Status.FROZEN, Status.IN_INSPECTION),
)
ANYWHERE = frozenset({Need.SITE, Need.WAREHOUSE})
TRANSFERRED = ANYWHERE | {Need.DISPATCH}


@dataclass(frozen=True)
class Rules:
    """What tells a kind from the others."""

    prefix: str
    """What its numbers begin with."""
    paths: tuple[Path, ...]
    usual: Path | None
    """What a line that names no status does; None if each line has to say it."""
    reason: str = ""
    """Why goods are gone or there, in the words of the facts."""
    needs: frozenset[Need] = ANYWHERE
    second_person: bool = False
    """Whether author and auditor must be two people."""

    def missing(self, present: Mapping[Need, object]) -> list[Need]:
        """Return what is needed and not there."""
        return [need for need in Need if need in self.needs and not present.get(need)]

    def path(self, source: Status | None, target: Status | None, *, out: bool) -> Path | None:
        """Return the way of a line's goods, None if there is no such way or too many.

        A status that is not named is the usual one; `out` says that the goods leave, which no
        status could say.
        """
        if (source, target, out) == (None, None, False):
            return self.usual
        for path in self.paths:
            fits_source = source is None or path[0] is source
            fits_target = path[1] is None if out else target is None or path[1] is target
            if fits_source and fits_target:
                return path
        return None


RULES = {
    DocumentKind.RECEIPT: Rules("RC", IN, IN[0], "receipt"),
    DocumentKind.ISSUE: Rules("IS", OUT, OUT[0], "issue"),
    DocumentKind.SCRAP: Rules(
        "SC", OUT, OUT[0], "scrap", ANYWHERE | {Need.REASON}, second_person=True
    ),
    DocumentKind.ADJUSTMENT: Rules(
        "AD",
        IN + OUT,
        None,
        "adjustment",
        ANYWHERE | {Need.SOURCE_DOCUMENT, Need.APPROVER},
        second_person=True,
    ),
    DocumentKind.TRANSFER_DISPATCH: Rules(
        "TD",
        OUT[:1],
        OUT[0],
        needs=ANYWHERE | {Need.TARGET_SITE, Need.TARGET_WAREHOUSE},
    ),
    DocumentKind.TRANSFER_ARRIVAL: Rules("TA", IN, IN[0], "transfer_surplus", TRANSFERRED),
    DocumentKind.TRANSFER_LOSS: Rules(
        "TL", IN[:1], IN[0], "transfer_loss", TRANSFERRED | {Need.REASON}, second_person=True
    ),
    DocumentKind.STOCKTAKE_GAIN: Rules("SG", IN, IN[0], "stocktake", second_person=True),
    DocumentKind.STOCKTAKE_LOSS: Rules("SL", OUT, OUT[0], "stocktake", second_person=True),
    DocumentKind.INSPECTION: Rules("IN", INSPECTED, None, "scrap"),
    DocumentKind.FREEZE: Rules("FR", FROZEN, FROZEN[0]),
    DocumentKind.UNFREEZE: Rules("UF", UNFROZEN, UNFROZEN[0]),
    DocumentKind.REVERSAL: Rules("RV", (), None, needs=ANYWHERE | {Need.REASON}),
}

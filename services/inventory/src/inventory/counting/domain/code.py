"""What the QR code of a count sheet says: a name for it that no other thing in the world has."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from inventory.counting.domain.refusals import UnknownSheet

PREFIX = "urn:trueshelf:count-sheet:"


def code_of(sheet_id: UUID) -> str:
    """Return what the sheet's QR code says."""
    return f"{PREFIX}{sheet_id}"


def sheet_in(code: str) -> UUID:
    """Return the sheet a code stands for; raise if it stands for something else."""
    try:
        if code.startswith(PREFIX):
            return UUID(code.removeprefix(PREFIX))
    except ValueError:
        pass
    raise UnknownSheet(sheet_id=code[:100])


def ids_in(codes: Iterable[str]) -> set[UUID]:
    """Return the sheets that codes stand for, among codes of other things."""
    found = set[UUID]()
    for code in codes:
        with suppress(UnknownSheet):
            found.add(sheet_in(code))
    return found

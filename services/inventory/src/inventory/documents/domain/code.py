"""What the QR code of a document says: a name for it that no other thing in the world has."""

from uuid import UUID

from inventory.documents.domain.refusals import UnknownDocument

PREFIX = "urn:trueshelf:document:"


def code_of(document_id: UUID) -> str:
    """Return what the document's QR code says."""
    return f"{PREFIX}{document_id}"


def document_in(code: str) -> UUID:
    """Return the document a code stands for; raise if it stands for something else."""
    try:
        if code.startswith(PREFIX):
            return UUID(code.removeprefix(PREFIX))
    except ValueError:
        pass
    raise UnknownDocument(document=code[:100])

"""A code names one thing, and what was scanned is read back as that thing."""

from uuid import uuid4

import pytest

from purchasing.reference.domain import (
    CodeKind,
    UnknownCode,
    note_code,
    order_code,
    read_code,
    supplier_code,
)


def test_a_code_is_read_back_as_what_it_was_made_of() -> None:
    """C1."""
    order_id = uuid4()
    assert read_code(order_code(order_id)).order_id == order_id
    assert read_code(f" {supplier_code('acme')}\n").supplier_id == "acme"
    note = read_code(note_code("acme", "送货:7/2"))
    assert (note.kind, note.supplier_id, note.note) == (CodeKind.NOTE, "acme", "送货:7/2")


@pytest.mark.parametrize(
    "scanned",
    [
        "",
        "6901234567892",
        "urn:trueshelf:supplier:",
        "urn:trueshelf:purchase-order:7",
        "urn:trueshelf:delivery-note:acme",
        "urn:trueshelf:delivery-note:acme:",
        "urn:trueshelf:delivery-note:acme:DN%00",
        f"urn:trueshelf:delivery-note:acme:{'7' * 201}",
        "urn:trueshelf:document:01890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
def test_a_code_of_something_else_is_refused(scanned: str) -> None:
    with pytest.raises(UnknownCode, match="not one of a supplier"):
        read_code(scanned)

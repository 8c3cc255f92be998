"""Finance sets uploaded invoices aside with which nothing is to be done, and takes them up (C4)."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bench import invoices
from purchasing.invoices.use_cases.book_confirmed import book_confirmed
from purchasing.recognition.use_cases.read_documents import read_documents

PLACE = "/invoice-documents"
OURS = invoices.make(1).buyer_tax_id
THEIRS = invoices.make(3).buyer_tax_id
REASON = {"reason": "made out to another company"}
Json = dict[str, Any]
Made = Callable[..., invoices.Invoice]


@pytest.fixture
def house() -> Json:
    """Return that we are the buyer of one tax id."""
    return {"own_tax_ids": [OURS]}


@pytest.fixture
async def made(desk: Any) -> Made:
    """Return how invoices of a supplier are made whose invoices are booked by themselves."""
    first = invoices.make(91)
    terms = {"tax_id": first.seller_tax_id, "name": first.seller_name}
    assert (await desk.send("/suppliers/acme/change", terms, "buyer")).status_code == 200
    switch = {"invoice_booking": "when_read"}
    booking = await desk.send("/suppliers/acme/invoice-booking", switch, "finance")
    assert booking.status_code == 200
    user = await desk.send("/suppliers/acme/users", {"subject": "lin"}, "buyer")
    assert user.status_code == 201

    def make(seed: int = 91, buyer: str = OURS) -> invoices.Invoice:
        seller = {"seller_tax_id": first.seller_tax_id, "seller_name": first.seller_name}
        return replace(invoices.make(seed), buyer_tax_id=buyer, **seller)

    return make


async def sent(desk: Any, content: bytes, role: str = "buyer", subject: str = "bob") -> Any:
    path = f"/portal{PLACE}" if role == "supplier" else PLACE
    headers = desk.service.headers([role], subject=subject)
    return await desk.service.api.post(path, content=content, params={"name": "a"}, headers=headers)


async def read(desk: Any, content: bytes, **who: str) -> str:
    """Return the path of a document that was uploaded and read, but was not seen to since."""
    answer = await sent(desk, content, **who)
    assert answer.status_code == 201, answer.text
    await read_documents(desk.service.context)
    return f"{PLACE}/{answer.json()['document_id']}"


async def done(desk: Any, content: bytes, **who: str) -> str:
    """Return the path of a document with which the recognizer has done all it does."""
    path = await read(desk, content, **who)
    await book_confirmed(desk.service.context)
    return path


async def aside(desk: Any, path: str, body: Any = REASON, **extra: Any) -> Any:
    return await desk.send(f"{path}/set-aside", body, "finance", **{"subject": "fay"} | extra)


async def look(desk: Any, path: str, role: str = "finance", **params: str) -> Any:
    headers = desk.service.headers([role], subject="lin")
    return (await desk.service.api.get(path, params=params, headers=headers)).json()


async def lists_with(desk: Any, path: str) -> list[str]:
    """Return in which lists by booking a document stands."""
    return [
        kind
        for kind in ("booked", "refused", "copy", "dropped", "open", "set_aside")
        for one in (await look(desk, PLACE, booking=kind))["items"]
        if path.endswith(one["document_id"])
    ]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_what_is_set_aside_says_who_and_why_and_waits_for_nobody(
    desk: Any, made: Made
) -> None:
    """C4: with the cause that it had; taken up it stands where it was, and tells of both."""
    path = await done(desk, invoices.as_xml(made(buyer=THEIRS)))
    before = await look(desk, path)
    assert await lists_with(desk, path) == ["refused"]
    assert (await desk.send(f"{path}/set-aside", REASON, "buyer")).status_code == 403
    assert (await aside(desk, path, {"reason": ""})).status_code == 422
    shown = (await aside(desk, path)).json()
    told = (shown["set_aside_by"], shown["set_aside_reason"], shown["not_booked"]["code"])
    assert told == ("fay", REASON["reason"], "invoice_of_other_buyer")
    assert shown["set_aside_at"] > shown["confirmed_at"]
    assert await lists_with(desk, path) == ["set_aside"]
    assert (await desk.send(f"{path}/take-up", None, "buyer")).status_code == 403
    taken = (await desk.send(f"{path}/take-up", None, "finance", subject="max")).json()
    assert (taken["taken_up_by"], taken["set_aside_by"]) == ("max", "fay")
    assert await lists_with(desk, path) == ["refused"]
    assert {name for name in before if before[name] != taken[name]} == {
        "set_aside_at",
        "set_aside_by",
        "set_aside_reason",
        "taken_up_at",
        "taken_up_by",
    }
    again = (await aside(desk, path, {"reason": "it is theirs"}, subject="max")).json()
    assert (again["set_aside_by"], again["taken_up_by"]) == ("max", None)


async def test_what_is_still_to_be_read_or_is_booked_is_not_set_aside(
    desk: Any, made: Made
) -> None:
    """C4: about an invoice that is booked is decided as such."""
    document = (await sent(desk, invoices.as_xml(made()))).json()
    path, context = f"{PLACE}/{document['document_id']}", desk.service.context
    early = await aside(desk, path)
    assert code(early) == (409, "invoice_document_not_ready")
    assert "is waiting; it has to be read or confirmed or failed" in early.json()["detail"]
    await read_documents(context)
    await book_confirmed(context)
    assert code(await aside(desk, path)) == (409, "invoice_document_booked")
    assert await lists_with(desk, path) == ["booked"]


async def test_it_is_booked_or_set_aside_whoever_comes_first(desk: Any, made: Made) -> None:
    """C4: never both."""
    path = await read(desk, invoices.as_xml(made()))
    answer, _ = await asyncio.gather(aside(desk, path), book_confirmed(desk.service.context))
    became = "set_aside" if answer.status_code == 200 else "booked"
    await book_confirmed(desk.service.context)
    assert await lists_with(desk, path) == [became]


async def test_it_is_set_aside_once_and_taken_up_once(desk: Any, made: Made) -> None:
    """C4: a repeat with its key is answered as before; who saw another version is told."""
    path = await done(desk, invoices.as_xml(made(buyer=THEIRS)))
    early = await desk.send(f"{path}/take-up", None, "finance")
    assert code(early) == (409, "invoice_document_not_set_aside")
    stale = await aside(desk, path, **{"If-Match": '"1"'})
    assert code(stale) == (409, "version_conflict")
    first, repeat = [await aside(desk, path, key="k") for _ in range(2)]
    assert (first.status_code, repeat.json()) == (200, first.json())
    twice = await aside(desk, path, {"reason": "another"}, subject="max")
    assert code(twice) == (409, "invoice_document_set_aside")
    assert "set aside by fay: made out to another company" in twice.json()["detail"]
    assert (await look(desk, path))["set_aside_by"] == "fay"


async def test_nobody_books_it_before_it_is_taken_up(desk: Any, made: Made) -> None:
    """C4: no person, nor the recognizer, that books it afterwards as it would have before."""
    path = await read(desk, invoices.as_xml(made()))
    assert (await aside(desk, path)).status_code == 200
    await book_confirmed(desk.service.context)
    refused = await desk.send(f"{path}/book", {}, "finance")
    assert code(refused) == (409, "invoice_document_set_aside")
    assert await lists_with(desk, path) == ["set_aside"]
    assert (await look(desk, "/invoices"))["items"] == []
    assert (await desk.send(f"{path}/take-up", None, "finance")).status_code == 200
    await book_confirmed(desk.service.context)
    assert await lists_with(desk, path) == ["booked"]


async def test_what_is_in_doubt_or_can_not_be_read_is_left_alone_while_it_is_set_aside(
    desk: Any, made: Made
) -> None:
    """C4: it is neither confirmed nor read again."""
    doubted = await read(desk, invoices.as_xml(invoices.wrong_total(made())))
    failed = await read(desk, b"<a>no invoice</a>")
    doubts = (await look(desk, doubted))["doubts"]
    steps = {f"{doubted}/confirm": {"accepted": doubts}, f"{failed}/retry": None}
    for path in (doubted, failed):
        assert await lists_with(desk, path) == ["open"]
        assert (await aside(desk, path)).status_code == 200
        assert await lists_with(desk, path) == ["set_aside"]
    for step, body in steps.items():
        refused = await desk.send(step, body, "finance")
        assert code(refused) == (409, "invoice_document_set_aside")
    for path in (doubted, failed):
        assert (await desk.send(f"{path}/take-up", None, "finance")).status_code == 200
    for step, body in steps.items():
        assert (await desk.send(step, body, "finance")).status_code == 200


async def test_who_uploads_it_again_is_told_that_it_is_set_aside(desk: Any, made: Made) -> None:
    """C2, C4: its supplier is told no more than that the file is known, and sees nothing of it."""
    data = invoices.as_xml(made(buyer=THEIRS))
    path = await done(desk, data, role="supplier", subject="lin")
    own = f"/portal{path}"
    before = await look(desk, own, "supplier")
    assert (await aside(desk, path)).status_code == 200
    again = await sent(desk, data)
    assert code(again) == (409, "duplicate_invoice_file")
    assert (again.json()["by"], again.json()["reason"]) == ("fay", REASON["reason"])
    assert path.endswith(again.json()["document_id"])
    theirs = await sent(desk, data, "supplier", "lin")
    assert code(theirs) == (409, "duplicate_invoice_file")
    assert REASON["reason"] not in theirs.text
    assert await look(desk, own, "supplier") == before
    assert await lists_with(desk, path) == ["set_aside"]


async def test_the_same_invoice_in_another_form_is_left_to_a_person(desk: Any, made: Made) -> None:
    """C4: it does not come back by itself; others of the supplier are booked as ever."""
    path = await read(desk, invoices.as_xml(made()))
    assert (await aside(desk, path, {"reason": "not ordered"})).status_code == 200
    form, other = [await done(desk, invoices.as_ofd(made(seed))) for seed in (91, 92)]
    assert (await lists_with(desk, form), await lists_with(desk, other)) == (
        ["refused"],
        ["booked"],
    )
    cause = (await look(desk, form))["not_booked"]
    assert cause["code"] == "invoice_set_aside_before"
    assert path.endswith(cause["facts"]["first"])
    assert "fay set aside: not ordered" in cause["detail"]
    assert (await desk.send(f"{form}/book", {}, "finance")).status_code == 201


async def test_the_file_of_documents_says_what_is_set_aside(desk: Any, made: Made) -> None:
    """H6."""
    path = await done(desk, invoices.as_xml(made(buyer=THEIRS)))
    await aside(desk, path)
    headers = desk.service.headers(["finance"])
    file = (await desk.service.api.get("/exports/invoice-documents", headers=headers)).text
    names, row = (line.split(",") for line in file.splitlines())
    kept = dict(zip(names, row, strict=True))
    assert (kept["set_aside_by"], kept["set_aside_reason"]) == ("fay", REASON["reason"])

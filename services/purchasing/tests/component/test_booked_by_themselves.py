"""Invoices that were read are booked and matched by themselves where finance wants that (C4)."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import update

from bench import invoices
from contracts.purchasing import AccrualCleared
from purchasing.invoices.use_cases.book_confirmed import book_by_itself, book_confirmed
from purchasing.recognition.tables import documents
from purchasing.recognition.use_cases.read_documents import read_documents
from servicekit.clock import now

TEA = replace(invoices.line(2, "10", "12.50"), name="*茶*tea", specification="", unit="box")
DEARER = replace(invoices.line(2, "10", "13.00"), name="*茶*tea", specification="", unit="box")
PLACE = "/invoice-documents"
Json = dict[str, Any]


async def wanted(desk: Any, made: invoices.Invoice) -> None:
    """Let the seller of an invoice be the supplier, and what is read of it be booked."""
    terms = {"tax_id": made.seller_tax_id, "name": made.seller_name}
    assert (await desk.send("/suppliers/acme/change", terms, "buyer")).status_code == 200
    assert (await booking(desk, "when_read")).status_code == 200


async def booking(desk: Any, how: str, role: str = "finance", supplier_id: str = "acme") -> Any:
    path = f"/suppliers/{supplier_id}/invoice-booking"
    return await desk.send(path, {"invoice_booking": how}, role, subject="fay")


async def owe(desk: Any, currency: str = "CNY") -> Json:
    """Return a posted receipt of ten boxes of tea, for which is owed."""
    if currency != "CNY":
        rate = {"currency": currency, "period": f"{now():%Y-%m}", "rate": "7.1"}
        assert (await desk.send("/exchange-rates", rate, "finance")).status_code == 201
    order = (await desk.order(currency=currency)).json()
    receipt: Json = (await desk.draft(order["order_id"], (1, "10"))).json()
    assert (await desk.step(receipt["receipt_id"], "finish")).status_code == 200
    body = {"receipt_id": receipt["receipt_id"]}
    assert (await desk.send("/accruals", body, "finance")).status_code == 201
    return receipt


async def upload(desk: Any, content: bytes, role: str = "buyer", subject: str = "bob") -> Json:
    """Upload a file; return the document once it is read."""
    headers = desk.service.headers([role], subject=subject)
    path = f"/portal{PLACE}" if role == "supplier" else PLACE
    sent = await desk.service.api.post(path, content=content, params={"name": "a"}, headers=headers)
    assert sent.status_code == 201, sent.text
    await read_documents(desk.service.context)
    return await shown(desk, sent.json())


async def look(desk: Any, path: str, **params: str) -> Any:
    headers = desk.service.headers(["finance"])
    return (await desk.service.api.get(path, params=params, headers=headers)).json()


async def shown(desk: Any, document: Json) -> Json:
    return dict(await look(desk, f"{PLACE}/{document['document_id']}"))


async def done(desk: Any, content: bytes, **who: str) -> Json:
    """Return an uploaded document once the recognizer has done with it all it does."""
    document = await upload(desk, content, **who)
    await book_confirmed(desk.service.context)
    return await shown(desk, document)


async def invoice_of(desk: Any, document: Json) -> Json:
    return dict(await look(desk, f"/invoices/{document['invoice_id']}"))


def counted(outcome: str) -> float:
    name = "trueshelf_invoices_booked_by_themselves_total"
    return REGISTRY.get_sample_value(name, {"outcome": outcome}) or 0.0


async def test_what_agrees_is_booked_and_matched_and_nobody_is_asked(desk: Any) -> None:
    """C4: supplier, kind, currency and receipt follow from the invoice and from what is owed."""
    made, before = invoices.make(61, of=[TEA]), counted("matched")
    await wanted(desk, made)
    receipt = await owe(desk)
    document = await done(desk, invoices.as_xml(made))
    assert (document["not_booked"], document["not_matched"]) == (None, None)
    booked = await invoice_of(desk, document)
    assert (booked["status"], booked["supplier_id"], booked["currency"]) == (
        "matched",
        "acme",
        "CNY",
    )
    (matched,) = booked["matches"]
    assert [one["receipt_id"] for one in matched["lines"]] == [receipt["receipt_id"]]
    assert booked["booked_by"] == matched["by"] == "purchasing.recognizer"
    again = await desk.send(f"{PLACE}/{document['document_id']}/book", {}, "finance")
    assert (again.status_code, again.json()["code"]) == (409, "invoice_booked_before")
    assert again.json()["first"] == document["invoice_id"]
    assert (await look(desk, PLACE, booking="booked"))["items"][0]["invoice_id"]
    assert counted("matched") == before + 1


async def test_who_has_not_asked_for_it_books_by_hand_as_before(desk: Any) -> None:
    made = invoices.make(62, of=[TEA])
    await wanted(desk, made)
    assert (await booking(desk, "by_hand")).status_code == 200
    await owe(desk)
    document = await done(desk, invoices.as_xml(made))
    await booking(desk, "when_read")
    await book_confirmed(desk.service.context)
    assert (await shown(desk, document)) == document, "what was read before is left to people"
    assert (document["status"], document["invoice_id"]) == ("confirmed", None)
    assert [one["document_id"] for one in (await look(desk, PLACE, booking="open"))["items"]] == [
        document["document_id"]
    ]
    booked = await desk.send(f"{PLACE}/{document['document_id']}/book", {}, "finance")
    assert (booked.status_code, booked.json()["status"]) == (201, "matched")
    assert (await shown(desk, document))["invoice_id"] == booked.json()["invoice_id"]


async def test_finance_decides_by_supplier_and_it_is_kept_who_did(desk: Any) -> None:
    """C4: who defines suppliers does not decide how their invoices are booked."""
    for role in ("buyer", "master_data", "clerk"):
        assert (await booking(desk, "when_read", role)).status_code == 403
    body = {"invoice_booking": "when_read"}
    assert (await desk.send("/suppliers/acme/change", body, "buyer")).status_code == 422
    assert (await desk.read("/suppliers/acme"))["invoice_booking"] == "by_hand"
    assert (await booking(desk, "sometimes")).status_code == 422
    changed = await booking(desk, "when_read")
    assert (changed.status_code, changed.json()["invoice_booking"]) == (200, "when_read")
    await desk.supplier("2")
    assert (await desk.read("/suppliers/acme"))["invoice_booking"] == "when_read"
    last = (await desk.read("/suppliers/acme/changes"))["items"][-1]
    told = (last["field"], last["was"], last["became"], last["changed_by"])
    assert told == ("invoice_booking", "by_hand", "when_read", "fay")
    assert (await booking(desk, "when_read", supplier_id="nobody")).status_code == 404


async def test_what_is_in_doubt_is_booked_once_a_person_has_confirmed_it(desk: Any) -> None:
    """C4: and not a moment before."""
    made = invoices.make(63, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    document = await done(desk, invoices.as_xml(invoices.wrong_total(made)))
    assert (document["status"], document["invoice_id"]) == ("read", None)
    said = {"accepted": document["doubts"], "corrections": {"total": made.total}}
    path = f"{PLACE}/{document['document_id']}/confirm"
    assert (await desk.send(path, said, "finance", subject="fay")).status_code == 200
    await book_confirmed(desk.service.context)
    assert (await invoice_of(desk, await shown(desk, document)))["status"] == "matched"


async def test_nobody_accepts_alone_what_they_brought_in(desk: Any) -> None:
    """C4: matched by no person, it takes another than who uploaded it and who confirmed it."""
    made = invoices.make(64, of=[DEARER])
    await wanted(desk, made)
    await owe(desk)
    content = invoices.as_xml(invoices.wrong_total(made))
    document = await upload(desk, content, "finance", subject="uli")
    said = {"accepted": document["doubts"], "corrections": {"total": made.total}}
    path = f"{PLACE}/{document['document_id']}/confirm"
    assert (await desk.send(path, said, "finance", subject="fay")).status_code == 200
    await book_confirmed(desk.service.context)
    held = await invoice_of(desk, await shown(desk, document))
    assert (held["status"], held["matches"][0]["status"]) == ("held", "held")
    accept, reason = f"/invoices/{held['invoice_id']}/accept", {"reason": "agreed by phone"}
    for subject in ("uli", "fay", "purchasing.recognizer"):
        alone = await desk.send(accept, reason, "finance", subject=subject)
        assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
    other = await desk.send(accept, reason, "finance", subject="max")
    assert (other.status_code, other.json()["accepted_by"]) == (200, "max"), other.text


async def test_a_worker_that_dies_leaves_it_to_be_done_again_once(desk: Any) -> None:
    """C4: killed with all done and nothing committed; the next one books and clears it once."""
    made = invoices.make(65, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    context, document = desk.service.context, await upload(desk, invoices.as_xml(made))
    outcomes = []

    async def dying() -> None:
        async with context.database.transaction() as session:
            outcomes.append(await book_by_itself(session, UUID(document["document_id"])))
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await dying()
    assert outcomes == ["matched"]
    assert await shown(desk, document) == document
    assert (await look(desk, "/invoices"))["items"] == []
    for _ in range(2):
        await book_confirmed(context)
    (booked,) = (await look(desk, "/invoices"))["items"]
    assert booked["invoice_id"] == (await shown(desk, document))["invoice_id"]
    cleared = [one for one in await desk.service.events() if isinstance(one, AccrualCleared)]
    assert len(cleared) == 1


async def test_of_two_workers_and_a_person_one_books_it(desk: Any) -> None:
    """C4: who comes second passes it over; a person is told what was booked."""
    made = invoices.make(66, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    context, document = desk.service.context, await upload(desk, invoices.as_xml(made))
    document_id = UUID(document["document_id"])
    async with context.database.transaction() as one, context.database.transaction() as two:
        assert await book_by_itself(one, document_id) == "matched"
        assert await book_by_itself(two, document_id) is None
    other = await upload(desk, invoices.as_xml(replace(made, number=made.number[::-1])))
    call = desk.send(f"{PLACE}/{other['document_id']}/book", {}, "finance")
    answer, *_ = await asyncio.gather(call, book_confirmed(context), book_confirmed(context))
    assert answer.status_code in {201, 409}
    listed = (await look(desk, "/invoices"))["items"]
    assert {one["document_id"] for one in listed} == {
        document["document_id"],
        other["document_id"],
    }
    assert len(listed) == 2


async def test_one_that_fails_holds_up_no_other_and_stays_due(desk: Any) -> None:
    """C4: the oldest of them can't even be looked at; mended, it is booked too."""
    made = invoices.make(76, of=[TEA])
    await wanted(desk, made)
    context, broken = desk.service.context, await upload(desk, invoices.as_xml(made))

    async def keep(reading: Json) -> None:
        step = update(documents).where(documents.c.document_id == broken["document_id"])
        async with context.database.transaction() as session:
            await session.execute(step.values(reading=reading))

    await keep({"head": {}})
    later = await done(desk, invoices.as_xml(replace(made, number=made.number[::-1])))
    assert later["invoice_id"] is not None
    await keep(broken["reading"])
    await book_confirmed(context)
    assert (await shown(desk, broken))["invoice_id"] not in {None, later["invoice_id"]}


async def test_what_can_not_be_booked_by_itself_says_why_and_a_person_books_it(desk: Any) -> None:
    """C4: whether tax may be deducted is never guessed."""
    made = invoices.make(67, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    blank = invoices.as_xml(made).replace(b"GeneralOrSpecialVAT", b"Other")
    document = await done(desk, blank)
    assert (document["status"], document["invoice_id"]) == ("confirmed", None)
    assert document["not_booked"]["cause"] == "invoice_kind_unknown"
    assert document["not_booked"]["facts"]["document_id"] == document["document_id"]
    (listed,) = (await look(desk, PLACE, booking="refused"))["items"]
    assert listed["not_booked"] == document["not_booked"]
    body = {"kind": "digital_special"}
    booked = await desk.send(f"{PLACE}/{document['document_id']}/book", body, "finance")
    assert (booked.status_code, booked.json()["status"]) == (201, "matched")
    after = await shown(desk, document)
    assert (after["not_booked"], after["invoice_id"]) == (None, booked.json()["invoice_id"])
    assert (await look(desk, PLACE, booking="refused"))["items"] == []


async def test_a_copy_of_what_was_booked_is_not_booked_and_names_the_first(desk: Any) -> None:
    """C4: the same invoice in another form."""
    made = invoices.make(68, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    first = await done(desk, invoices.as_xml(made))
    copy = await done(desk, invoices.as_ofd(made))
    assert copy["not_booked"]["cause"] == "invoice_booked_before"
    assert copy["not_booked"]["facts"]["first"] == first["invoice_id"]


async def test_a_seller_of_several_suppliers_is_named_by_a_person(desk: Any) -> None:
    """C4: if one of them has its invoices booked by themselves, this one is missed."""
    made = invoices.make(69, of=[TEA])
    await wanted(desk, made)
    await desk.supplier(supplier_id="best")
    await desk.send("/suppliers/best/change", {"tax_id": made.seller_tax_id}, "buyer")
    document = await done(desk, invoices.as_xml(made))
    assert document["not_booked"]["cause"] == "invoice_supplier_unclear"
    assert document["not_booked"]["facts"]["suppliers"] == "acme, best"


async def test_what_a_supplier_uploads_of_another_seller_is_not_booked_as_its_own(
    desk: Any,
) -> None:
    """C2, C4: even if a person lets it pass; and what came of it is finance's to see."""
    await wanted(desk, invoices.make(70))
    await desk.send("/suppliers/acme/users", {"subject": "lin"}, "buyer")
    foreign = invoices.make(71, of=[TEA])
    document = await upload(desk, invoices.as_xml(foreign), "supplier", subject="lin")
    path = f"{PLACE}/{document['document_id']}/confirm"
    await desk.send(path, {"accepted": document["doubts"]}, "finance")
    await book_confirmed(desk.service.context)
    refused = (await shown(desk, document))["not_booked"]
    assert refused["cause"] == "seller_is_not_supplier"
    headers = desk.service.headers(["supplier"], subject="lin")
    own = f"/portal{PLACE}/{document['document_id']}"
    seen = (await desk.service.api.get(own, headers=headers)).json()
    assert {"not_booked", "not_matched", "invoice_id"}.isdisjoint(seen)


async def test_what_can_not_be_matched_is_booked_and_says_why(desk: Any) -> None:
    """C4: nothing was received of it yet, and its total is written out in yuan."""
    made = invoices.make(72, of=[TEA])
    await wanted(desk, made)
    document = await done(desk, invoices.as_xml(made))
    booked = await invoice_of(desk, document)
    assert (booked["status"], booked["currency"], booked["matches"]) == ("booked", "CNY", [])
    assert document["not_matched"] == {"cause": "lines_unmatched", "facts": {"unmatched": "1"}}


async def test_an_invoice_is_in_the_currency_in_which_it_is_owed(desk: Any) -> None:
    """C4: the form has no field for it; what is marked otherwise is for a person, whose word goes.

    Read as data it bears no mark, and printed it bears that of the yuan.
    """
    made = invoices.make(73, of=[TEA])
    await wanted(desk, made)
    await owe(desk, "USD")
    document = await done(desk, invoices.as_pdf(made))
    assert document["reading"]["head"]["currency"]["value"] == "CNY"
    assert document["not_booked"] == {
        "cause": "invoice_currency_contradicted",
        "facts": {
            "said": "CNY",
            "owed": "USD",
            "supplier_id": "acme",
            "document_id": document["document_id"],
        },
    }
    place = f"{PLACE}/{document['document_id']}/book"
    refused = await desk.send(place, {}, "finance")
    assert (refused.status_code, refused.json()["code"]) == (422, "invoice_currency_contradicted")
    said = await desk.send(place, {"currency": "USD"}, "finance")
    assert (said.status_code, said.json()["status"]) == (201, "matched")
    await owe(desk, "USD")
    data = await done(desk, invoices.as_xml(replace(made, number=made.number[::-1])))
    assert (await invoice_of(desk, data))["currency"] == "USD"


async def test_a_currency_that_nothing_tells_is_not_guessed(desk: Any) -> None:
    """C4: what is owed is in two, and the invoice bears no mark; with one it is clear."""
    made = invoices.make(74, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    await owe(desk, "EUR")
    bare = await done(desk, invoices.as_xml(made))
    assert bare["not_booked"]["cause"] == "invoice_currency_unclear"
    assert bare["not_booked"]["facts"]["owed"] == "CNY, EUR"
    printed = await done(desk, invoices.as_pdf(replace(made, number=made.number[::-1])))
    assert (await invoice_of(desk, printed))["currency"] == "CNY"
    nothing = replace(invoices.make(75, of=[TEA]), total_in_words="")
    await wanted(desk, nothing)
    await desk.supplier(supplier_id="best")
    path = f"{PLACE}/{(await done(desk, invoices.as_xml(nothing)))['document_id']}/book"
    body = {"supplier_id": "best"}
    unclear = await desk.send(path, body, "finance")
    assert (unclear.status_code, unclear.json()["code"]) == (422, "invoice_currency_unclear")

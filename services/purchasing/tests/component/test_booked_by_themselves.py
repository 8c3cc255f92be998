"""Invoices that were read are booked and matched by themselves where finance wants that (C4)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import update

from bench import invoices
from contracts.purchasing import AccrualCleared
from purchasing.invoices.use_cases import book_confirmed as job
from purchasing.invoices.use_cases.book_confirmed import book_by_itself, book_confirmed
from purchasing.recognition.tables import documents
from purchasing.recognition.use_cases.read_documents import read_documents
from purchasing.settings import settings_of
from purchasing.suppliers.tables import suppliers
from servicekit.clock import now, shifted

TEA = replace(invoices.line(2, "10", "12.50"), name="*茶*tea", specification="", unit="box")
DEARER = replace(invoices.line(2, "10", "13.00"), name="*茶*tea", specification="", unit="box")
PLACE = "/invoice-documents"
OURS = invoices.make(1).buyer_tax_id
Json = dict[str, Any]


@pytest.fixture
def house() -> Json:
    """Return that we are the buyer of one tax id."""
    return {"own_tax_ids": [OURS]}


def to_us(seed: int, **more: Any) -> invoices.Invoice:
    """Return an invoice that is made out to us."""
    return replace(invoices.make(seed, **more), buyer_tax_id=OURS)


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


async def look(desk: Any, path: str, language: str = "en", **params: str) -> Any:
    headers = {**desk.service.headers(["finance"]), "Accept-Language": language}
    return (await desk.service.api.get(path, params=params, headers=headers)).json()


async def shown(desk: Any, document: Json) -> Json:
    return dict(await look(desk, f"{PLACE}/{document['document_id']}"))


async def done(desk: Any, content: bytes, **who: str) -> Json:
    """Return an uploaded document once the recognizer has done with it all it does."""
    document = await upload(desk, content, **who)
    await book_confirmed(desk.service.context)
    return await shown(desk, document)


async def keep(desk: Any, table: Any, change: Json, *where: Any) -> None:
    """Let something stand in the database that no request writes."""
    async with desk.service.context.database.transaction() as session:
        await session.execute(update(table).where(*where).values(change))


async def invoice_of(desk: Any, document: Json) -> Json:
    return dict(await look(desk, f"/invoices/{document['invoice_id']}"))


def counted(outcome: str) -> float:
    name = "trueshelf_invoices_booked_by_themselves_total"
    return REGISTRY.get_sample_value(name, {"outcome": outcome}) or 0.0


async def test_what_agrees_is_booked_and_matched_and_nobody_is_asked(desk: Any) -> None:
    """C4: supplier, kind, currency and receipt follow from the invoice and from what is owed."""
    made, before = to_us(61, of=[TEA]), counted("matched")
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
    made = to_us(62, of=[TEA])
    await wanted(desk, made)
    assert (await booking(desk, "by_hand")).status_code == 200
    await owe(desk)
    # Nothing runs that could have looked at it before the switch.
    document = await upload(desk, invoices.as_xml(made))
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
    await desk.send("/suppliers/acme/change", {"tax_id": OURS}, "buyer")
    changed = await booking(desk, "when_read")
    assert (changed.status_code, changed.json()["invoice_booking"]) == (200, "when_read")
    since = changed.json()["invoice_booking_since"]
    assert (await booking(desk, "when_read")).json()["invoice_booking_since"] == since
    await desk.supplier()
    await desk.send("/suppliers/acme/change", {"payment_days": 30, "tax_id": OURS}, "buyer")
    assert (await desk.read("/suppliers/acme"))["invoice_booking"] == "when_read"
    changes = (await desk.read("/suppliers/acme/changes"))["items"]
    assert [one["field"] for one in changes] == ["payment_days", "invoice_booking", "tax_id"]
    told = (changes[1]["was"], changes[1]["became"], changes[1]["changed_by"])
    assert told == ("by_hand", "when_read", "fay")
    assert (await booking(desk, "when_read", supplier_id="nobody")).status_code == 404


async def test_only_a_supplier_with_a_tax_id_has_its_invoices_booked_by_themselves(
    desk: Any,
) -> None:
    """C4: any seller's invoice could pass for one of a supplier that has none."""
    refused = await booking(desk, "when_read")
    assert (refused.status_code, refused.json()["code"]) == (422, "supplier_tax_id_missing")
    assert "Set its tax_id first" in refused.json()["detail"]
    assert (await booking(desk, "by_hand")).status_code == 200
    made = to_us(78, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    # As it may have come to stand there otherwise.
    await keep(desk, suppliers, {"tax_id": None})
    await desk.send("/suppliers/acme/users", {"subject": "lin"}, "buyer")
    document = await done(desk, invoices.as_xml(made), role="supplier", subject="lin")
    assert document["not_booked"]["code"] == "supplier_tax_id_missing"
    assert (await look(desk, "/invoices"))["items"] == []


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("name", "Acme & Sons"),
        ("tax_id", None),
        ("tax_id", invoices.make(2).buyer_tax_id),
        ("over_receipt_percent", "5"),
        ("price_tolerance_percent", "100"),
        ("quantity_tolerance_percent", "1"),
        ("total_tolerance", "0.01"),
    ],
)
async def test_who_changes_what_finance_trusted_has_finance_decide_anew(
    desk: Any, term: str, value: str | None
) -> None:
    """C4: a buyer alone gets no invoice matched on terms that are the buyer's own."""
    made = to_us(79, of=[DEARER])
    await wanted(desk, made)
    await owe(desk)
    document = await upload(desk, invoices.as_xml(made))
    changed = await desk.send("/suppliers/acme/change", {term: value}, "buyer", subject="bob")
    assert (changed.json()["invoice_booking"], changed.json()["invoice_booking_since"]) == (
        "by_hand",
        None,
    )
    newest, before = (await desk.read("/suppliers/acme/changes"))["items"][:2]
    told = (newest["field"], newest["was"], newest["became"], newest["changed_by"])
    assert told == ("invoice_booking", "when_read", "by_hand", "bob")
    assert (before["field"], before["became"]) == (term, value)
    await book_confirmed(desk.service.context)
    assert (await shown(desk, document)) == document


async def test_what_is_made_out_to_another_is_left_to_a_person(desk: Any) -> None:
    """C4: or to nobody; it says why in the language of who looks at it."""
    made = replace(to_us(80, of=[TEA]), buyer_name="别家公司", buyer_tax_id="")
    await wanted(desk, made)
    await owe(desk)
    nobody = await done(desk, invoices.as_xml(made))
    other = replace(to_us(80, of=[TEA]), buyer_tax_id=invoices.make(3).buyer_tax_id)
    document = await done(desk, invoices.as_xml(other))
    for one, said in ((nobody, "none (无)"), (document, other.buyer_tax_id)):
        assert one["not_booked"]["code"] == "invoice_of_other_buyer"
        assert one["not_booked"]["facts"]["buyer_tax_id"] == said
    assert "Have it issued anew to us" in document["not_booked"]["detail"]
    path = f"{PLACE}/{document['document_id']}"
    in_chinese = await look(desk, path, "zh-CN")
    assert "请要求销方重新开票" in in_chinese["not_booked"]["detail"]
    listed = (await look(desk, PLACE, "zh", booking="refused"))["items"]
    assert listed[0]["not_booked"] == in_chinese["not_booked"]
    booked = await desk.send(f"{path}/book", {}, "finance")
    assert (booked.status_code, booked.json()["status"]) == (201, "matched")


async def test_where_nobody_said_who_we_are_nothing_is_booked_by_itself(desk: Any) -> None:
    """C4: it says which setting to set."""
    made = to_us(81, of=[TEA])
    await wanted(desk, made)
    context = desk.service.context
    unset = settings_of(context).model_copy(update={"own_tax_ids": frozenset()})
    document = await upload(desk, invoices.as_xml(made))
    async with context.database.transaction() as session:
        outcome = await book_by_itself(session, UUID(document["document_id"]), unset)
    assert outcome == "refused"
    left = (await shown(desk, document))["not_booked"]
    assert left["code"] == "own_tax_ids_unset"
    assert "TRUESHELF_OWN_TAX_IDS" in left["detail"]


async def test_what_was_refused_does_not_come_back_by_itself(desk: Any) -> None:
    """C4: in another form; what was booked of the first is no longer told of as booked."""
    made = to_us(82, of=[TEA])
    await wanted(desk, made)
    first = await done(desk, invoices.as_xml(made))
    reason = {"reason": "not ordered"}
    path = f"/invoices/{first['invoice_id']}/refuse"
    assert (await desk.send(path, reason, "finance")).status_code == 200
    assert (await look(desk, PLACE, booking="booked"))["items"] == []
    (dropped,) = (await look(desk, PLACE, booking="dropped"))["items"]
    assert (dropped["document_id"], dropped["invoice_id"]) == (first["document_id"], None)
    assert (dropped["not_booked"]["code"], dropped["not_matched"]) == ("invoice_refused", None)
    await owe(desk)
    again = await done(desk, invoices.as_ofd(made))
    assert again["not_booked"]["code"] == "invoice_refused_before"
    assert again["not_booked"]["facts"]["first"] == first["invoice_id"]
    assert "not ordered" in again["not_booked"]["detail"]
    assert len((await look(desk, "/invoices"))["items"]) == 1
    booked = await desk.send(f"{PLACE}/{again['document_id']}/book", {}, "finance")
    assert (booked.status_code, booked.json()["status"]) == (201, "matched")


async def test_what_a_supplier_uploads_is_booked_by_itself_if_it_is_just_what_is_owed(
    desk: Any,
) -> None:
    """C4: else nothing is booked or held of it; nor does the supplier see what came of it."""
    made, dearer = to_us(83, of=[TEA]), to_us(84, of=[DEARER])
    dearer = replace(dearer, seller_tax_id=made.seller_tax_id, seller_name=made.seller_name)
    await wanted(desk, made)
    await desk.send("/suppliers/acme/users", {"subject": "lin"}, "buyer")
    lin = {"role": "supplier", "subject": "lin"}
    early = await done(desk, invoices.as_ofd(made), **lin)
    assert (early["not_booked"]["code"], early["not_matched"]) == ("lines_unmatched", None)
    await owe(desk)
    differs = await done(desk, invoices.as_xml(dearer), **lin)
    assert differs["not_booked"]["code"] == "invoice_upload_differs"
    assert differs["not_booked"]["facts"]["differences"] == "price, total"
    assert (await look(desk, "/invoices"))["items"] == []
    own = f"/portal{PLACE}/{differs['document_id']}"
    headers = desk.service.headers(["supplier"], subject="lin")
    before = await upload(desk, invoices.as_xml(made), **lin)
    await book_confirmed(desk.service.context)
    booked = await shown(desk, before)
    assert (await invoice_of(desk, booked))["status"] == "matched"
    for one in (differs, booked):
        own = f"/portal{PLACE}/{one['document_id']}"
        seen = (await desk.service.api.get(own, headers=headers)).json()
        assert {"not_booked", "not_matched", "invoice_id"}.isdisjoint(seen)
        assert seen["version"] == before["version"], "nor by its version"


async def test_what_is_in_doubt_is_booked_once_a_person_has_confirmed_it(desk: Any) -> None:
    """C4: and not a moment before."""
    made = to_us(63, of=[TEA])
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
    made = to_us(64, of=[DEARER])
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
    made = to_us(65, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    context, document = desk.service.context, await upload(desk, invoices.as_xml(made))
    outcomes = []

    async def dying() -> None:
        async with context.database.transaction() as session:
            document_id = UUID(document["document_id"])
            outcomes.append(await book_by_itself(session, document_id, settings_of(context)))
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
    made = to_us(66, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    context, document = desk.service.context, await upload(desk, invoices.as_xml(made))
    document_id = UUID(document["document_id"])
    async with context.database.transaction() as one, context.database.transaction() as two:
        settings = settings_of(context)
        assert await book_by_itself(one, document_id, settings) == "matched"
        assert await book_by_itself(two, document_id, settings) is None
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


async def test_one_that_fails_holds_up_no_other_and_is_tried_again(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C4: the oldest of them can't even be looked at; mended, it is booked too."""
    made = to_us(76, of=[TEA])
    await wanted(desk, made)
    context, broken = desk.service.context, await upload(desk, invoices.as_xml(made))
    this = documents.c.document_id == broken["document_id"]
    await keep(desk, documents, {"reading": {"head": {}}}, this)
    later = await upload(desk, invoices.as_xml(replace(made, number=made.number[::-1])))
    monkeypatch.setattr(job, "AT_ONCE", 1)
    for _ in range(2):
        await book_confirmed(context)
    assert (await shown(desk, later))["invoice_id"], "it waits behind none that can't be booked"
    await keep(desk, documents, {"reading": broken["reading"]}, this)
    await book_confirmed(context)
    assert (await shown(desk, broken))["invoice_id"] is None, "it is tried again after a pause"
    with shifted(timedelta(minutes=1)):
        await book_confirmed(context)
    assert (await shown(desk, broken))["invoice_id"]


async def test_what_fails_each_time_is_left_to_a_person(desk: Any) -> None:
    """C4: it says so, and is no longer tried; once it can be, it is booked by hand."""
    made = to_us(77, of=[TEA])
    await wanted(desk, made)
    context, broken = desk.service.context, await upload(desk, invoices.as_xml(made))
    this = documents.c.document_id == broken["document_id"]
    await keep(desk, documents, {"reading": {"head": {}}}, this)
    for hour in range(20):
        with shifted(timedelta(hours=hour)):
            await book_confirmed(context)
    await keep(desk, documents, {"reading": broken["reading"]}, this)
    (left,) = (await look(desk, PLACE, booking="refused"))["items"]
    assert left["not_booked"]["code"] == "failed"
    assert left["not_booked"]["facts"]["tries"] == 9
    booked = await desk.send(f"{PLACE}/{broken['document_id']}/book", {}, "finance")
    assert booked.status_code == 201


async def test_what_can_not_be_booked_by_itself_says_why_and_a_person_books_it(desk: Any) -> None:
    """C4: whether tax may be deducted is never guessed."""
    made = to_us(67, of=[TEA])
    await wanted(desk, made)
    await owe(desk)
    blank = invoices.as_xml(made).replace(b"GeneralOrSpecialVAT", b"Other")
    document = await done(desk, blank)
    assert (document["status"], document["invoice_id"]) == ("confirmed", None)
    assert document["not_booked"]["code"] == "invoice_kind_unknown"
    assert document["not_booked"]["facts"]["document_id"] == document["document_id"]
    (listed,) = (await look(desk, PLACE, booking="refused"))["items"]
    assert listed["not_booked"] == document["not_booked"]
    body = {"kind": "digital_special"}
    booked = await desk.send(f"{PLACE}/{document['document_id']}/book", body, "finance")
    assert (booked.status_code, booked.json()["status"]) == (201, "matched")
    after = await shown(desk, document)
    assert (after["not_booked"], after["invoice_id"]) == (None, booked.json()["invoice_id"])
    assert (await look(desk, PLACE, booking="refused"))["items"] == []


@pytest.mark.parametrize("currency", ["CNY", "USD"])
async def test_a_copy_of_what_was_booked_is_not_booked_and_names_the_first(
    desk: Any, currency: str
) -> None:
    """C4: the same invoice in another form; by then nothing is owed that tells its currency."""
    made = replace(to_us(68, of=[TEA]), total_in_words="", mark="")
    await wanted(desk, made)
    await owe(desk, currency)
    first = await done(desk, invoices.as_xml(made))
    copy = await done(desk, invoices.as_ofd(made))
    assert copy["not_booked"]["code"] == "invoice_booked_before"
    assert copy["not_booked"]["facts"]["first"] == first["invoice_id"]
    assert (await look(desk, PLACE, booking="refused"))["items"] == [], "nobody has to do anything"
    (listed,) = (await look(desk, PLACE, booking="copy"))["items"]
    assert listed["document_id"] == copy["document_id"]


async def test_a_seller_of_several_suppliers_is_named_by_a_person(desk: Any) -> None:
    """C4: if one of them has its invoices booked by themselves, this one is missed."""
    made = to_us(69, of=[TEA])
    await wanted(desk, made)
    await desk.supplier(supplier_id="best")
    await desk.send("/suppliers/best/change", {"tax_id": made.seller_tax_id}, "buyer")
    document = await done(desk, invoices.as_xml(made))
    assert document["not_booked"]["code"] == "invoice_supplier_unclear"
    assert document["not_booked"]["facts"]["suppliers"] == "acme, best"


async def test_what_a_supplier_uploads_of_another_seller_is_not_booked_as_its_own(
    desk: Any,
) -> None:
    """C2, C4: even if a person lets it pass."""
    await wanted(desk, to_us(70))
    await desk.send("/suppliers/acme/users", {"subject": "lin"}, "buyer")
    foreign = to_us(71, of=[TEA])
    document = await upload(desk, invoices.as_xml(foreign), "supplier", subject="lin")
    path = f"{PLACE}/{document['document_id']}/confirm"
    await desk.send(path, {"accepted": document["doubts"]}, "finance")
    await book_confirmed(desk.service.context)
    refused = (await shown(desk, document))["not_booked"]
    assert refused["code"] == "seller_is_not_supplier"


async def test_what_can_not_be_matched_is_booked_and_says_why(desk: Any) -> None:
    """C4: nothing was received of it yet; once it is matched, by a person, it says so no more."""
    made = to_us(72, of=[TEA])
    await wanted(desk, made)
    document = await done(desk, invoices.as_xml(made))
    booked = await invoice_of(desk, document)
    assert (booked["status"], booked["currency"], booked["matches"]) == ("booked", "CNY", [])
    assert document["not_matched"] == {
        "code": "lines_unmatched",
        "detail": "Nothing received fits lines 1. Name the receipt and its line for each.",
        "facts": {"unmatched": "1"},
    }
    await owe(desk)
    path = f"/invoices/{document['invoice_id']}/match"
    assert (await desk.send(path, {}, "finance")).json()["status"] == "applied"
    assert (await shown(desk, document))["not_matched"] is None


MARKED, WRITTEN, BARE = "¥", "written out", ""
CONTRADICTED, UNCLEAR = "invoice_currency_contradicted", "invoice_currency_unclear"


@pytest.mark.parametrize(
    ("said", "owed", "alone", "called"),
    [
        (MARKED, "CNY", "CNY", "CNY"),
        (WRITTEN, "CNY", "CNY", "CNY"),
        (BARE, "CNY", "CNY", "CNY"),
        ("USD", "CNY", CONTRADICTED, CONTRADICTED),
        (MARKED, "USD", CONTRADICTED, CONTRADICTED),
        (WRITTEN, "USD", CONTRADICTED, CONTRADICTED),
        (BARE, "USD", "USD", "USD"),
        ("USD", "USD", "USD", "USD"),
        (MARKED, "CNY EUR", "CNY", "CNY"),
        (WRITTEN, "CNY EUR", "CNY", "CNY"),
        (BARE, "CNY EUR", UNCLEAR, UNCLEAR),
        ("USD", "CNY EUR", CONTRADICTED, CONTRADICTED),
        (MARKED, "", "CNY", "CNY"),
        (WRITTEN, "", "CNY", "CNY"),
        (BARE, "", UNCLEAR, UNCLEAR),
        ("美元壹仟元整", "", UNCLEAR, UNCLEAR),
        ("USD", "", UNCLEAR, "USD"),
    ],
)
async def test_an_invoice_is_in_the_currency_it_is_marked_with_and_owed_in(
    desk: Any, said: str, owed: str, alone: str, called: str
) -> None:
    """C4: the form has no field for it; nobody guesses, and a person's word goes before all."""
    made = to_us(73, of=[TEA])
    await wanted(desk, made)
    for currency in owed.split():
        await owe(desk, currency)
    document = await done(desk, written(made, said))
    assert document["status"] == "confirmed"
    assert await currency_of(desk, document) == alone
    if alone != called or document["not_booked"]:
        path = f"{PLACE}/{document['document_id']}/book"
        answer = (await desk.send(path, {}, "finance")).json()
        assert answer.get("currency", answer.get("code")) == called
    if document["not_booked"] and called == alone:
        booked = await desk.send(path, {"currency": "EUR"}, "finance")
        assert (booked.status_code, booked.json()["currency"]) == (201, "EUR")


def written(made: invoices.Invoice, said: str) -> bytes:
    """Return an invoice that says its currency like this, and in no other way."""
    if said == WRITTEN:
        return invoices.as_xml(made)
    bare = replace(made, total_in_words="" if len(said) < 4 else said)
    if said == "USD":
        told = b"<CurrencyCode>USD</CurrencyCode></EInvoice>"
        return invoices.as_xml(bare).replace(b"</EInvoice>", told)
    return invoices.as_pdf(bare) if said == MARKED else invoices.as_xml(bare)


async def currency_of(desk: Any, document: Json) -> Any:
    """Return in which currency it was booked, or why it was not."""
    if document["not_booked"]:
        return document["not_booked"]["code"]
    return (await invoice_of(desk, document))["currency"]

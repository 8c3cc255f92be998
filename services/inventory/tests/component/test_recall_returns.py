"""What customers return of called back goods counts in the recall by itself, and once (H3)."""

from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import RecallClosed
from contracts.purchasing import PurchaseLine
from contracts.sales import CustomerReturnPosted, ReturnedLine, ShipmentPosted
from servicekit.clock import now

GOODS = [
    {"item_id": "milk", "name": "Milk", "base_unit": "l", "scale": 0, "tracking": "batch"},
    {"item_id": "fridge", "name": "Fridge", "base_unit": "EA", "scale": 0, "tracking": "serial"},
]


@pytest.fixture
async def store(shop: Any) -> Any:
    """Return a shop that sells milk by batch, and fridges by serial number."""
    answer = await shop.post("/items/import", {"items": GOODS}, "master_data")
    assert answer.json()["refused"] == []
    return shop


async def sold(shop: Any, item_id: str, quantity: str, **named: Any) -> ShipmentPosted:
    """Receive goods and ship them to a customer; `named` says batch and serials."""
    receipt = shop.receipt((item_id, quantity))
    line = PurchaseLine.model_validate({**receipt.lines[0].model_dump(), **named})
    await shop.service.deliver(receipt.model_copy(update={"lines": (line,)}))
    unit = {"milk": "l", "fridge": "EA"}[item_id]
    made = await shop.held(lines=[{"item_id": item_id, "quantity": quantity, "unit": unit} | named])
    await shop.confirm(made)
    sent: ShipmentPosted = shop.shipment(made)
    if "serials" in named:
        units = sent.lines[0].model_copy(update={"serials": named["serials"]})
        sent = sent.model_copy(update={"lines": (units,)})
    await shop.service.deliver(sent)
    assert await shop.parked() == []
    return sent


async def returned(shop: Any, sent: ShipmentPosted, quantity: str, **named: Any) -> Any:
    """Let so much of a shipment's line come back, as sales says it."""
    line = {
        "line_no": 1,
        "shipment_line_no": sent.lines[0].line_no,
        "item_id": sent.lines[0].item_id,
        "batch_id": sent.lines[0].batch_id,
        "quantity": quantity,
        "returned_before": "0",
        "amount": "1",
        **named,
    }
    about = ("shipment_id", "order_id", "site_id", "warehouse_id", "currency")
    back = CustomerReturnPosted(
        **{name: getattr(sent, name) for name in about},
        return_id=uuid4(),
        number=f"RT-{uuid4().hex[:6]}",
        shipment_number=sent.number,
        posted_at=now(),
        posted_by="anna",
        cause="customer",
        returned_at=now(),
        lines=(ReturnedLine.model_validate(line),),
    )
    await shop.service.deliver(back)
    assert await shop.parked() == []
    return back


async def reverse(shop: Any, back: CustomerReturnPosted) -> None:
    """Take a return back that was posted by mistake."""
    body = {
        "reversal_id": str(uuid4()),
        "number": "RV-1",
        "return_id": str(back.return_id),
        "return_number": back.number,
        "site_id": back.site_id,
        "posted_at": now().isoformat(),
        "posted_by": "chen",
        "shipment_id": str(back.shipment_id),
        "order_id": str(back.order_id),
        "lines": [{"line_no": 1, "about_line_no": back.lines[0].shipment_line_no}],
    }
    answer = await shop.post("/customer-return-reversals", body)
    assert answer.status_code == 201, answer.text


async def recall(shop: Any, **scope: Any) -> str:
    """Call goods back; return the path of the recall."""
    body = {"number": f"RC-{uuid4().hex[:6]}", "recall_class": "I", "reason": "germs", **scope}
    answer = await shop.post("/recalls", body, "operator")
    assert answer.status_code == 201, answer.text
    return f"/recalls/{answer.json()['recall_id']}"


async def figures(shop: Any, path: str) -> tuple[str, ...]:
    """Return recovered, written off and outstanding, as the recall says after its next round."""
    await shop.service.run_job("pursue_recalls")
    (delivery,) = (await shop.get(f"{path}/deliveries"))["items"]
    whole = await shop.get(path)
    names = ("recovered", "written_off", "outstanding")
    assert [delivery[name] for name in names] == [whole[name] for name in names]
    return tuple(whole[name] for name in names)


async def tell(shop: Any, path: str, quantity: str, **more: Any) -> Any:
    """Say by hand what became of the one delivery."""
    (delivery,) = (await shop.get(f"{path}/deliveries"))["items"]
    key = {"site_id": delivery["site_id"], "sequence": delivery["sequence"]}
    body = {"fate": "recovered", **key, "quantity": quantity, **more}
    return await shop.post(f"{path}/returns", body, "clerk")


async def test_a_customers_return_counts_by_itself_and_once(store: Any) -> None:
    """Whether it was booked before the recall or after."""
    sent = await sold(store, "milk", "10", batch_id="L1")
    first = await returned(store, sent, "2")
    path = await recall(store, item_id="milk", batches=["L1"])
    assert (await store.get(path))["recovered"] == "2"
    second = await returned(store, sent, "3", returned_before="2")
    assert await figures(store, path) == ("5", "0", "5")
    assert await figures(store, path) == ("5", "0", "5")
    told = (await store.get(f"{path}/returns"))["items"]
    assert [(one["document_id"], one["quantity"], one["recorded_by"]) for one in told] == [
        (str(first.return_id), "2", "anna"),
        (str(second.return_id), "3", "anna"),
    ]


async def test_a_return_that_is_taken_back_counts_no_more(store: Any) -> None:
    """Though an inspection had split what came back, so that it is taken out in two parts."""
    sent = await sold(store, "milk", "10", batch_id="L1")
    kept, wrong = await returned(store, sent, "1"), await returned(store, sent, "4")
    place = {"site_id": "north", "warehouse_id": "main", "item_id": "milk", "batch_id": "L1"}
    parts = [{"decision": "reject", "quantity": "3"}]
    assert (await store.post("/inspections", place | {"parts": parts}, "clerk")).is_success
    path = await recall(store, item_id="milk", batches=["L1"])
    assert await figures(store, path) == ("5", "0", "5")
    await reverse(store, wrong)
    assert await figures(store, path) == ("1", "0", "9")
    told = (await store.get(f"{path}/returns"))["items"]
    back = [one for one in told if one["fate"] == "taken_back"]
    came = {one["document_id"]: one["entry"] for one in told if one["fate"] == "recovered"}
    assert sum(int(one["quantity"]) for one in back) == 4
    assert {one["undoes"] for one in back} == {came[str(wrong.return_id)]}
    assert str(kept.return_id) in came


async def test_what_was_told_by_hand_before_is_not_counted_twice(store: Any) -> None:
    sent = await sold(store, "milk", "10", batch_id="L1")
    path = await recall(store, item_id="milk", batches=["L1"])
    assert (await tell(store, path, "3")).status_code == 201
    back = await returned(store, sent, "4")
    assert await figures(store, path) == ("4", "0", "6")
    again = await tell(store, path, "4", document_id=str(back.return_id))
    assert (again.status_code, again.json()["code"]) == (409, "return_counts_by_itself")
    assert (await tell(store, path, "2")).json()["recovered"] == "6"
    await reverse(store, back)
    assert await figures(store, path) == ("5", "0", "5")


async def test_what_comes_back_after_all_is_not_given_up(store: Any) -> None:
    sent = await sold(store, "milk", "10", batch_id="L1")
    path = await recall(store, item_id="milk", batches=["L1"])
    assert (await tell(store, path, "8", fate="written_off")).status_code == 201
    await returned(store, sent, "5")
    assert await figures(store, path) == ("5", "5", "0")


async def test_of_units_those_count_that_are_called_back(store: Any) -> None:
    sent = await sold(store, "fridge", "4", serials=("F1", "F2", "F3", "F4"))
    path = await recall(store, item_id="fridge", first_serial="F2", last_serial="F3")
    await returned(store, sent, "2", serials=("F1", "F2"))
    assert await figures(store, path) == ("1", "0", "1")


async def test_units_whose_numbers_are_longer_count_as_they_are_called_back(store: Any) -> None:
    """S2 to S10 are nine units, and so are those of them that come back."""
    units = tuple(f"S{number}" for number in (1, 2, 9, 10, 11))
    sent = await sold(store, "fridge", "5", serials=units)
    path = await recall(store, item_id="fridge", first_serial="S2", last_serial="S10")
    await returned(store, sent, "4", serials=("S1", "S2", "S10", "S11"))
    assert await figures(store, path) == ("2", "0", "1")


async def test_a_recall_is_closed_with_what_came_back_until_then(store: Any) -> None:
    sent = await sold(store, "milk", "10", batch_id="L1")
    path = await recall(store, item_id="milk", batches=["L1"])
    await returned(store, sent, "7")
    closed = await store.post(f"{path}/close", {"outcome": "completed"}, "operator")
    assert (closed.json()["recovered"], closed.json()["recovered_percent"]) == ("7", "70")
    (fact,) = await store.facts(RecallClosed)
    assert fact.recovered == 7


async def test_nobody_says_by_hand_that_a_return_is_taken_back(store: Any) -> None:
    await sold(store, "milk", "10", batch_id="L1")
    path = await recall(store, item_id="milk", batches=["L1"])
    assert (await tell(store, path, "1", fate="taken_back")).status_code == 422

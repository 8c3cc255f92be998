"""C4: of what was seen on a picture nothing passes that nothing can be held against."""

from decimal import Decimal
from typing import Any

from purchasing.recognition.domain import doubts_of, judge

LEAST = Decimal("0.85")
HEAD = {
    "number": "26312000000123456789",
    "issued_on": "2026-11-20",
    "buyer_name": "北京和美饮料有限公司",
    "buyer_tax_id": "91110000802100433B",
    "seller_name": "上海恒信食品有限公司",
    "seller_tax_id": "91110000802100433B",
    "net": "110.00",
    "tax": "14.30",
    "total": "124.30",
    "total_in_words": "壹佰贰拾肆圆叁角整",
}
LINE = {
    "name": "*软饮料*水",
    "specification": "550ml",
    "unit": "瓶",
    "quantity": "10",
    "unit_price": "11",
    "amount": "110.00",
    "tax_rate": "13%",
    "tax": "14.30",
}
WORDS_ALONE = {"lines.1.name", "lines.1.specification", "lines.1.unit"}
CODE_SAYS = {"number": HEAD["number"], "issued_on": HEAD["issued_on"], "total": "124.3"}


def field(value: str) -> dict[str, Any]:
    """Return a field of which the eye is as sure as it can be."""
    return {"value": value, "confidence": "0.97", "page": 1, "box": [0, 0, 9, 9]}


def seen(form: str = "picture", code_says: Any = None, **line: str) -> dict[str, Any]:
    values = {**LINE, **line}
    return {
        "form": form,
        "code_says": CODE_SAYS if code_says is None else code_says,
        "head": {name: field(value) for name, value in HEAD.items()},
        "lines": [{name: field(value) for name, value in values.items() if value}],
    }


def doubts(reading: dict[str, Any], **known: Any) -> set[str]:
    return set(doubts_of(judge(reading, Decimal("124.30"), **known), LEAST))


def test_words_of_a_picture_are_looked_at_however_sure_the_eye_is() -> None:
    assert doubts(seen()) == WORDS_ALONE | {"buyer_name", "seller_name"}
    assert doubts(seen("scan")) == doubts(seen())


def test_what_comes_as_text_is_what_its_maker_wrote() -> None:
    for form in ("xml", "ofd", "pdf"):
        assert doubts(seen(form)) == set()


def test_the_name_of_a_known_supplier_proves_the_sellers() -> None:
    known = {"seller_known": True, "seller_name": HEAD["seller_name"]}
    assert "seller_name" not in doubts(seen(), **known)
    assert "seller_name" in doubts(seen(), seller_known=True, seller_name="上海恒信商贸有限公司")


def test_twenty_digits_prove_no_number_but_the_code_on_the_paper_does() -> None:
    assert {"number", "issued_on"} <= doubts(seen(code_says={}))
    other = {**CODE_SAYS, "number": "26312000000123456788"}
    assert "number" in doubts(seen(code_says=other))
    assert "issued_on" not in doubts(seen(code_says=other))


def test_what_was_not_seen_may_be_there() -> None:
    missing = doubts(seen(quantity="", specification="", tax=""))
    wanted = ("quantity", "unit_price", "specification", "tax", "tax_rate")
    assert {f"lines.1.{name}" for name in wanted} <= missing
    discount = doubts(seen(quantity="", unit_price="", unit="", specification="", amount="-1"))
    assert not {"lines.1.quantity", "lines.1.specification"} & discount


def test_a_rate_and_a_tax_that_prove_each_other_are_in_no_doubt() -> None:
    assert not {"lines.1.tax_rate", "lines.1.tax", "lines.1.quantity"} & doubts(seen())
    assert {"lines.1.tax_rate", "lines.1.tax"} <= doubts(seen(tax_rate="9%"))


def test_a_mark_of_currency_is_proven_by_what_is_written_out_in_yuan() -> None:
    """C4: where none was seen nobody is asked for it."""
    for said, asked in (("CNY", set()), ("USD", {"currency"}), ("yuan", {"currency"})):
        for form in ("picture", "xml"):
            marked = seen(form)
            marked["head"]["currency"] = field(said)
            assert doubts(marked) - doubts(seen(form)) == asked, (form, said)
    unread = seen()
    unread["head"]["currency"] = field("CNY")
    assert "currency" in set(doubts_of(judge(unread, None), LEAST))

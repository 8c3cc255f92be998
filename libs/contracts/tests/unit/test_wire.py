"""Numbers, times and names travel in one spelling, and nothing else passes."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts.wire import (
    Amount,
    Code,
    Currency,
    Moment,
    Name,
    Quantity,
    SignedQuantity,
    Total,
    UnitCost,
)

TYPES: dict[str, Any] = {
    "Quantity": Quantity,
    "SignedQuantity": SignedQuantity,
    "UnitCost": UnitCost,
    "Amount": Amount,
    "Total": Total,
}
DECIMALS = {name: TypeAdapter[Decimal](kind) for name, kind in TYPES.items()}
MOMENT = TypeAdapter[datetime](Moment)
every_decimal = pytest.mark.parametrize("kind", DECIMALS)


def reads(kind: str, value: object) -> bool:
    """Say whether the value is taken from JSON and, which must be the same, as parsed JSON."""
    adapter = DECIMALS[kind]
    answers = []
    for read, given_value in (
        (adapter.validate_json, json.dumps(value)),
        (adapter.validate_python, value),
    ):
        try:
            read(given_value)  # type: ignore[operator]
        except ValidationError:
            answers.append(False)
        else:
            answers.append(True)
    assert answers[0] == answers[1]
    return answers[0]


@every_decimal
@pytest.mark.parametrize("number", [12.5, 0.1, 1.0, 1e300, True, None, [], {}])
def test_a_decimal_is_never_a_float(kind: str, number: object) -> None:
    assert not reads(kind, number)


@pytest.mark.parametrize("kind", ["Quantity", "SignedQuantity", "UnitCost", "Amount"])
@pytest.mark.parametrize("number", [0, 1, 10**40])
def test_a_decimal_is_never_a_json_number_even_if_whole(kind: str, number: int) -> None:
    assert not reads(kind, number)


def test_a_sum_in_an_answer_may_come_from_counting() -> None:
    assert DECIMALS["Total"].dump_json(DECIMALS["Total"].validate_python(sum([]))) == b'"0"'
    assert DECIMALS["Total"].dump_json(DECIMALS["Total"].validate_python(10**40)) == (
        b'"1' + b"0" * 40 + b'"'
    )


@every_decimal
@pytest.mark.parametrize("text", ["NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "-inf"])
def test_what_is_no_finite_number_is_refused(kind: str, text: str) -> None:
    assert not reads(kind, text)
    with pytest.raises(ValidationError):
        DECIMALS[kind].validate_python(Decimal(text))


@every_decimal
@pytest.mark.parametrize("text", ["1e3", "1E3", "1.5e-2", "1_000", "1,000", "0x10", "+1", "--1"])
def test_exponents_and_separators_are_refused(kind: str, text: str) -> None:
    assert not reads(kind, text)


@every_decimal
@pytest.mark.parametrize(
    "text", ["", " ", " 1", "1 ", "1\n", ".5", "5.", "1.2.3", "\uff11", "\u0663", "abc"]
)
def test_what_only_looks_like_a_number_is_refused(kind: str, text: str) -> None:
    assert not reads(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("Quantity", "0.0000001"),
        ("Quantity", "1.0000000"),
        ("SignedQuantity", "-0.0000001"),
        ("UnitCost", "2.0833333"),
        ("Amount", "12.505"),
        ("Amount", "12.500"),
    ],
)
def test_more_decimals_than_there_may_be_are_refused_and_never_rounded(
    kind: str, text: str
) -> None:
    assert not reads(kind, text)


@pytest.mark.parametrize("kind", ["Quantity", "SignedQuantity", "UnitCost", "Amount"])
def test_thirteen_digits_before_the_point_are_too_many(kind: str) -> None:
    assert reads(kind, "9" * 12)
    assert not reads(kind, "1" + "0" * 12)
    assert not reads(kind, "9" * 5000)
    with pytest.raises(ValidationError):
        DECIMALS[kind].validate_python(Decimal("1E+12"))


def test_a_sum_has_as_many_digits_as_it_takes() -> None:
    assert reads("Total", "9" * 40 + ".123456789")


@pytest.mark.parametrize("text", ["0", "0.000000", "-1", "-0.5", "-0"])
def test_a_quantity_is_greater_than_zero(text: str) -> None:
    assert not reads("Quantity", text)
    with pytest.raises(ValidationError):
        DECIMALS["Quantity"].validate_python(Decimal(text))


def test_a_unit_cost_may_be_zero_but_not_negative() -> None:
    assert reads("UnitCost", "0")
    assert not reads("UnitCost", "-0.01")
    with pytest.raises(ValidationError):
        DECIMALS["UnitCost"].validate_python(Decimal("-0.01"))


@pytest.mark.parametrize("kind", ["SignedQuantity", "Amount", "Total"])
def test_amounts_and_movements_may_be_negative(kind: str) -> None:
    assert reads(kind, "-12.5")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+5", "100000"),
        ("1.50000000", "1.5"),
        ("100", "100"),
        ("100.00", "100"),
        ("0.000001", "0.000001"),
        ("123456789012.123456", "123456789012.123456"),
    ],
)
def test_decimals_are_written_plainly(value: str, text: str) -> None:
    read = DECIMALS["Quantity"].validate_python(Decimal(value))
    assert DECIMALS["Quantity"].dump_python(read) == text
    assert DECIMALS["Quantity"].dump_json(read) == f'"{text}"'.encode()


@pytest.mark.parametrize("kind", ["SignedQuantity", "UnitCost", "Amount", "Total"])
@pytest.mark.parametrize("zero", ["0", "-0", "0.00", "-0.00", "0E+3", "0E-10"])
def test_zero_is_written_without_sign_and_decimals(kind: str, zero: str) -> None:
    read = DECIMALS[kind].validate_python(Decimal(zero))
    assert DECIMALS[kind].dump_json(read) == b'"0"'


@given(st.sampled_from(sorted(DECIMALS)), st.from_regex(r"[-+0-9.eE_]{1,24}", fullmatch=True))
@example("Quantity", "0000000000001")
@example("UnitCost", "-0")
def test_the_code_reads_exactly_what_the_schema_allows(kind: str, text: str) -> None:
    """Consumers in other languages have only the schema to go by."""
    schema = DECIMALS[kind].json_schema()
    allowed = re.fullmatch(schema["pattern"], text) is not None
    if kind == "Quantity" and allowed:
        allowed = Decimal(text) > 0
    assert reads(kind, text) == allowed


@given(
    st.sampled_from(sorted(DECIMALS)),
    st.decimals(min_value="0.01", max_value="999999999999.99", places=2),
)
def test_what_is_written_is_read_as_the_same_number(kind: str, value: Decimal) -> None:
    adapter = DECIMALS[kind]
    assert adapter.validate_json(adapter.dump_json(adapter.validate_python(value))) == value


@every_decimal
@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_schema_of_a_decimal_is_a_string_and_nothing_else(kind: str, mode: Any) -> None:
    assert DECIMALS[kind].json_schema(mode=mode)["type"] == "string"


@pytest.mark.parametrize(
    "text",
    ["2026-11-22T10:00:00+08:00", "2026-11-22T02:00:00Z", "2026-11-21t21:30:00.000000-04:30"],
)
def test_times_are_kept_and_written_in_utc(text: str) -> None:
    moment = MOMENT.validate_python(text)
    assert moment == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert moment.tzinfo is UTC
    assert MOMENT.dump_json(moment) == b'"2026-11-22T02:00:00Z"'


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T10:00:00",
        "2026-11-22",
        "2026-11-22 10:00:00+08:00",
        "2026-11-22T10:00+08:00",
        "2026-02-30T10:00:00Z",
        "2026-11-22T10:00:00Z\n",
        "1700000000",
        1700000000,
        1.5,
        datetime(2026, 11, 22, 10, 0),  # noqa: DTZ001
    ],
)
def test_a_time_without_offset_or_form_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(value)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_has_no_year_in_utc_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(ValidationError, match="outside"):
        MOMENT.validate_python(text)


@given(st.datetimes(timezones=st.timezones(), allow_imaginary=False))
def test_every_moment_comes_back_as_itself(moment: datetime) -> None:
    try:
        kept = MOMENT.validate_python(moment)
    except ValidationError:
        assert moment.year in {1, 9999}
        return
    assert MOMENT.validate_json(MOMENT.dump_json(kept)) == kept == moment.astimezone(UTC)


@pytest.mark.parametrize("text", ["A", "6901234567892", "a.b_c-D", "x" * 64])
def test_codes_fit_into_urls_and_message_keys(text: str) -> None:
    assert TypeAdapter(Code).validate_python(text) == text


@pytest.mark.parametrize("text", ["", "a:b", "a/b", "a b", "-a", ".", "..", "茶", "x" * 65, "a\n"])
def test_a_code_holds_nothing_that_separates(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Code).validate_python(text)


def test_names_are_for_people_and_hold_no_control_characters() -> None:
    assert TypeAdapter(Name).validate_python("上海 静安店 (24h) 🍵") == "上海 静安店 (24h) 🍵"
    for text in ("", "a\nb", "a\n", "\x00", "\x7f", "x" * 201):
        with pytest.raises(ValidationError):
            TypeAdapter(Name).validate_python(text)


@pytest.mark.parametrize("text", ["cny", "CN", "CNYX", "CN1", "CNY\n", ""])
def test_a_currency_has_three_capital_letters(text: str) -> None:
    assert TypeAdapter(Currency).validate_python("CNY") == "CNY"
    with pytest.raises(ValidationError):
        TypeAdapter(Currency).validate_python(text)

"""What bar codes say: element strings of GS1 in both spellings, and the numbers without any."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.scanning.domain.gs1 import (
    GS,
    BadCheckDigit,
    Label,
    MalformedCode,
    check_digit,
    is_checked,
    parse,
)
from inventory.scanning.domain.reading import Plain, TraceCode, read, spellings_of

TODAY = date(2026, 7, 1)
GTIN = "06901234567892"
CHARACTERS = "".join(map(chr, (33, 34, *range(37, 64), *range(65, 91), 95, *range(97, 123))))

gtins = st.from_regex(r"[0-9]{13}", fullmatch=True).map(lambda d: d + check_digit(d))
texts = st.text(CHARACTERS, min_size=1, max_size=20)
days = st.dates(TODAY - timedelta(days=49 * 365), TODAY + timedelta(days=49 * 365))


@pytest.mark.parametrize(
    ("digits", "digit"),
    [("690123456789", "2"), ("03600029145", "2"), ("7351353", "7"), ("10614141123456789", "7")],
)
def test_a_check_digit_weighs_3_and_1_in_turn_from_the_right(digits: str, digit: str) -> None:
    assert check_digit(digits) == digit


@given(st.from_regex(r"[0-9]{7,17}", fullmatch=True), st.integers(0, 6), st.integers(1, 9))
def test_one_misread_digit_never_passes(digits: str, at: int, off: int) -> None:
    whole = digits + check_digit(digits)
    wrong = str((int(whole[at]) + off) % 10)
    assert is_checked(whole)
    assert not is_checked(whole[:at] + wrong + whole[at + 1 :])


@pytest.mark.parametrize("text", [f"01{GTIN}17260930310300125010AB-1{GS}37012{GS}21S/7"])
def test_all_that_a_label_says_is_understood(text: str) -> None:
    """H4: batch, expiry, serial, count and net weight come from the code itself."""
    assert parse(text, TODAY) == Label(
        gtin=GTIN,
        batch_id="AB-1",
        serial="S/7",
        expires_on=date(2026, 9, 30),
        count=Decimal(12),
        net_kilograms=Decimal("1.250"),
    )


def test_the_spelling_for_people_says_the_same() -> None:
    readable = f"(01){GTIN} (11)260101 (10)AB-1 (15)261200"
    assert parse(readable, TODAY) == parse(f"01{GTIN}1126010110AB-1{GS}15261200", TODAY)
    assert parse(readable, TODAY).expires_on == date(2026, 12, 31)


@given(gtins, texts, texts, days, st.integers(0, 999_999), st.integers(0, 5))
def test_what_is_written_is_read_in_any_order(
    gtin: str, batch: str, serial: str, expiry: date, weight: int, decimals: int
) -> None:
    elements = {
        "01": gtin,
        "17": expiry.strftime("%y%m%d"),
        f"310{decimals}": f"{weight:06}",
        "10": batch,
        "21": serial,
    }
    expected = Label(
        gtin=gtin,
        batch_id=batch,
        serial=serial,
        expires_on=expiry,
        net_kilograms=Decimal(weight).scaleb(-decimals),
    )
    for order in (list(elements), sorted(elements, reverse=True)):
        text = "".join(ai + elements[ai] + (GS if len(ai) == 2 else "") for ai in order)
        assert parse(text, TODAY) == expected
        assert parse(GS + text.removesuffix(GS), TODAY) == expected


@given(st.text(max_size=60))
def test_any_text_is_either_understood_or_refused(text: str) -> None:
    for given_text in (text, "(" + text, "]C1" + text, text + GS):
        with suppress(MalformedCode, BadCheckDigit):
            read(given_text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(",
        "(01)",
        "(x)(10)A",
        "(18)260101",
        f"(01){GTIN[:-1]}",
        "(10)" + "A" * 21,
        "(10)一",
        "(17)261301",
        "(17)260230",
        "(37)1A",
        "(10)A(10)B",
        "99",
        f"5501{GTIN}",
    ],
)
def test_what_breaks_the_specifications_is_refused(text: str) -> None:
    if text:
        with pytest.raises(MalformedCode):
            parse(text, TODAY)
    else:
        assert parse(text, TODAY) == Label()


def test_a_wrong_check_digit_in_an_element_is_refused() -> None:
    with pytest.raises(BadCheckDigit):
        parse(f"(01){GTIN[:-1]}3", TODAY)


@pytest.mark.parametrize(
    ("data", "year"), [("75", 2075), ("76", 2076), ("77", 1977), ("26", 2026), ("99", 1999)]
)
def test_a_year_of_two_digits_is_the_nearest(data: str, year: int) -> None:
    assert parse(f"(17){data}0101", TODAY).expires_on == date(year, 1, 1)


@pytest.mark.parametrize(
    ("code", "reading"),
    [
        ("6901234567892", Label(gtin=GTIN)),
        ("]E06901234567892", Label(gtin=GTIN)),
        (GTIN, Label(gtin=GTIN)),
        ("73513537", Label(gtin="00000073513537")),
        ("6901234567893", Plain("6901234567893", misread=True)),
        (f"01{GTIN}", Label(gtin=GTIN)),
        (f"]C101{GTIN}10A", Label(gtin=GTIN, batch_id="A")),
        (f"01{GTIN}10A", Label(gtin=GTIN, batch_id="A")),
        (f"01{GTIN[:-1]}310A", Plain(f"01{GTIN[:-1]}310A", misread=True)),
        ("00106141410004154989", Plain("00106141410004154989", misread=True)),
        ("106141411234567897", Label(sscc="106141411234567897")),
        ("81234567890123456789", TraceCode("8123456", "81234567890123456789")),
        ("tea", Plain("tea")),
        ("12345", Plain("12345")),
    ],
)
def test_a_code_is_taken_for_what_its_form_says(code: str, reading: object) -> None:
    assert read(code, TODAY) == reading


def test_a_gtin_is_known_by_each_of_its_lengths_but_by_no_shorter_one() -> None:
    assert spellings_of(GTIN) == [GTIN, "6901234567892"]
    assert spellings_of("16901234567899") == ["16901234567899"]
    assert spellings_of("00000073513537") == [
        "00000073513537",
        "0000073513537",
        "000073513537",
        "73513537",
    ]

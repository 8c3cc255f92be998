"""C4: the code on an invoice names its number, its day and its sum."""

import io

import numpy as np
import pytest
from PIL import Image

from bench import invoices
from bench.spoiling import HARMS, as_spoilt_picture
from invoice_reading.codes import fields_of
from invoice_reading.pictures import _code_on, open_picture


def test_without_a_code_of_its_own_the_sum_is_the_total() -> None:
    said = "01,32,,26312000000123456789,124.30,20261120,,9C2A"
    assert fields_of(said) == {
        "number": "26312000000123456789",
        "issued_on": "2026-11-20",
        "total": "124.30",
    }


def test_of_the_older_form_it_is_the_net_sum() -> None:
    said = "01,04,031001900111,12345678,110,20261120,71234567890123456789,9C2A"
    told = fields_of(said)
    assert (told["code"], told["net"]) == ("031001900111", "110")
    assert "total" not in told


@pytest.mark.parametrize("said", ["", "https://example.org", "01,32,,2631,1,20261120,,", "02,32"])
def test_another_code_says_nothing(said: str) -> None:
    assert fields_of(said) == {}


def test_a_picture_with_a_code_says_what_is_written() -> None:
    invoice = invoices.make(3)
    picture = Image.new("RGB", (900, 500), "white")
    picture.paste(invoices.qr_of(invoice, 160), (20, 30))
    pixels = np.asarray(picture)[:, :, ::-1].copy()
    assert _code_on(pixels)["number"] == invoice.number
    assert _code_on(np.full((200, 300, 3), 255, np.uint8)) == {}


@pytest.mark.parametrize("harm", HARMS)
def test_the_same_seed_spoils_a_picture_the_same_way(harm: str) -> None:
    invoice = invoices.make(4)
    first, again = (as_spoilt_picture(harm, invoice, 7) for _ in range(2))
    assert first == again
    assert open_picture(first).width > 400
    assert as_spoilt_picture(harm, invoice, 8) != first
    assert Image.open(io.BytesIO(first)).format == "JPEG"

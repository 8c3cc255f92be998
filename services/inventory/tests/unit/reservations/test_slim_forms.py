"""B8: the slim forms of the hot route read and write what its models would, to the byte."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.inventory import ReservedLine as LineFact
from contracts.inventory import StockReserved
from inventory.reservations import routes
from inventory.reservations.domain.reservation import (
    Reason,
    Reservation,
    ReservedLine,
    Status,
)
from inventory.reservations.use_cases.tell_reserved import tell_reserved

codes = st.sampled_from(["tea", "0", "a-1.b_2", "Z" * 64])
odd_codes = codes | st.sampled_from(["", "tea\n", " tea", "茶", "a" * 65, "te\x00a"])
quantities = st.integers(1, 10**18 - 1).map(lambda millionths: Decimal(millionths).scaleb(-6))
odd_quantities = st.sampled_from(
    ["1", "0", "0.0", "00.50", "1\n", "1e3", "-1", "٣", "1.1234567", 1]
)
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))  # noqa: DTZ001
maybe_code, maybe_quantity = st.none() | codes, st.none() | quantities

bodies = st.fixed_dictionaries(
    {
        "site_id": odd_codes,
        "warehouse_id": codes,
        "order_id": st.uuids().map(str) | st.uuids().map(lambda one: one.hex),
        "lines": st.lists(
            st.fixed_dictionaries(
                {
                    "item_id": odd_codes,
                    "quantity": quantities.map(lambda one: format(one, "f")) | odd_quantities,
                    "unit": codes,
                },
                optional={"batch_id": odd_codes, "serials": st.lists(codes, max_size=2)},
            ),
            max_size=3,
        ),
    },
    optional={
        "ttl_seconds": st.integers(-1, routes.WEEK_SECONDS + 1) | st.sampled_from([1.0, 1.5, "60"]),
        "paid": st.booleans() | st.sampled_from([0, "yes"]),
        "surprise": st.just(1),
    },
)
lines = st.builds(
    ReservedLine,
    st.integers(1, 500),
    codes,
    quantities,
    quantities,
    st.just("") | codes,
    st.sampled_from([(), ("sn-1",), ("sn-1", "sn-2")]),
    maybe_code,
    maybe_quantity,
    st.none() | st.integers(1, 9),
    maybe_code,
    st.none() | st.integers(1, 9),
)
reservations = st.builds(
    Reservation,
    st.uuids(),
    st.uuids(),
    codes,
    codes,
    moments,
    moments,
    st.sampled_from(Status),
    st.none() | st.sampled_from(Reason),
    st.none() | st.uuids(),
    st.lists(lines, max_size=2),
)


def slim(body: bytes) -> Any:
    """Return what the slim form reads, if it takes the body."""
    try:
        return routes._slim(body)
    except msgspec.MsgspecError:
        return None


def modelled(body: bytes) -> Any:
    """Return what the model reads, if it takes the body."""
    try:
        return routes._wanted(routes.ReservationBody.model_validate_json(body))
    except ValidationError:
        return None


@given(bodies)
def test_what_the_slim_form_takes_the_model_reads_alike(body: Any) -> None:
    text = json.dumps(body).encode()
    if (read := slim(text)) is not None:
        assert read == modelled(text)


def test_plain_orders_are_taken_by_the_slim_form() -> None:
    """Or the hot path would be slow without anybody seeing it."""
    line = {"item_id": "tea", "quantity": "2.5", "unit": "box", "batch_id": "b-1"}
    body = {"site_id": "north", "warehouse_id": "main", "order_id": str(UUID(int=7))}
    for more in ({}, {"paid": True, "ttl_seconds": 60}):
        text = json.dumps(body | more | {"lines": [line]}).encode()
        assert slim(text) == modelled(text) is not None


@pytest.mark.parametrize("quantity", ["0", "0.000000", "1\n", "1e3", "+1", "0.1234567", "1_0"])
def test_quantities_that_the_model_refuses_are_left_to_it(quantity: str) -> None:
    line = {"item_id": "tea", "quantity": quantity, "unit": "box"}
    body = {"site_id": "n", "warehouse_id": "m", "order_id": str(UUID(int=7)), "lines": [line]}
    assert slim(json.dumps(body).encode()) is None


@given(reservations)
def test_the_answer_is_written_as_the_view_writes_it(made: Reservation) -> None:
    view = routes.ReservationView.model_validate(made)
    assert routes._written(made).decode() == view.model_dump_json()


@given(reservations)
def test_the_event_is_written_as_its_contract_writes_it(made: Reservation) -> None:
    fact = StockReserved(
        reservation_id=made.reservation_id,
        order_id=made.order_id,
        site_id=made.site_id,
        warehouse_id=made.warehouse_id,
        at=made.reserved_at,
        expires_at=made.expires_at,
        lines=tuple(
            LineFact(
                line_no=line.line_no,
                item_id=line.item_id,
                quantity=line.quantity,
                batch_id=line.batch_id,
            )
            for line in made.lines
        ),
    )
    told = tell_reserved(made)
    assert (told.model_dump_json(), told.key) == (fact.model_dump_json(), fact.key)
    assert (told.TOPIC, told.TYPE) == (StockReserved.TOPIC, StockReserved.TYPE)


def test_times_without_fractions_and_quantities_with_zeros_are_written_alike() -> None:
    at = datetime(2026, 11, 28, 22, tzinfo=UTC)
    made = Reservation(UUID(int=1), UUID(int=2), "n", "m", at, at + timedelta(hours=2))
    made.lines = [ReservedLine(1, "tea", Decimal("100.500000"), Decimal(100))]
    view = routes.ReservationView.model_validate(made)
    assert routes._written(made).decode() == view.model_dump_json()

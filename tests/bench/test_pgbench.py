"""What pgbench says at its end is read, and a failure is never taken for a figure."""

from pathlib import Path

import pytest

from bench.pgbench import read_seconds, read_summary
from devstack.errors import StackError

SUMMARY = """\
pgbench (18.4)
transaction type: reserve.sql
number of clients: 8
number of transactions actually processed: 1594
number of failed transactions: 0 (0.000%)
latency average = 15.044 ms
initial connection time = 20.557 ms
tps = 530.123456 (without initial connection time)
"""


def test_the_rate_is_the_one_without_the_time_to_connect() -> None:
    assert read_summary(SUMMARY) == {"done": 1594, "per_second": 530.123456}


def test_failed_transactions_are_no_result() -> None:
    with pytest.raises(StackError, match="failed"):
        read_summary(SUMMARY.replace("transactions: 0 (", "transactions: 3 ("))


def test_what_is_not_understood_is_no_result() -> None:
    with pytest.raises(StackError, match="unexpected"):
        read_summary("pgbench: error: connection refused")


def test_the_time_of_each_transaction_is_in_its_third_column(tmp_path: Path) -> None:
    log = tmp_path / "transactions.1"
    log.write_text("0 1 2500 0 1700000000 1\n3 7 1000000 0 1700000000 2\n")
    assert read_seconds([log]) == [0.0025, 1.0]

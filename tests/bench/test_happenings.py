"""What the server did by itself is read from its log and held against slow answers."""

from bench.happenings import beside, moment, noted

LOG = """2026-11-28 22:00:01.250 UTC [9] LOG:  checkpoint starting: wal
2026-11-28 22:00:02.000 UTC [77] inventory@inventory LOG:  statement: select 'checkpoint starting'
2026-11-28 22:00:03.500 UTC [9] LOG:  checkpoint complete: wrote 12 buffers; sync=0.8 s
2026-11-28 22:00:04.000 UTC [12] LOG:  automatic vacuum of table "inventory.public.outbox": index
\tpages: 0 removed
"""
BEGAN_AT = moment("2026-11-28 22:00:00.000")


def test_checkpoints_and_vacuums_are_noted_with_their_seconds() -> None:
    assert [(one["second"], one["what"].split(":")[0]) for one in noted(LOG, BEGAN_AT)] == [
        (1.2, "checkpoint starting"),
        (3.5, "checkpoint complete"),
        (4.0, 'automatic vacuum of table "inventory.public.outbox"'),
    ]


def test_the_slowest_seconds_are_shown_in_order_with_what_happened_then() -> None:
    happened = noted(LOG, BEGAN_AT)
    rows = beside({"3": 842.0, "20": 30.0, "1": 50.0}, happened)
    assert [row[:2] for row in rows] == [("1 s", 50.0), ("3 s", 842.0), ("20 s", 30.0)]
    assert "checkpoint complete" in rows[1][2]
    assert rows[2][2] == ""

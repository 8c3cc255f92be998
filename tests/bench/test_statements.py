"""What the service asks of its database is compared with what pgbench asks, statement by statement.

The comparison with the running service is made by the benchmark itself, before it measures.
"""

from bench.reserve import SCRIPT
from bench.statements import logged, scripted, shape

LOG = """\
2026-11-23 01:54:47.740 UTC [41] inventory@inventory LOG:  statement: BEGIN;
2026-11-23 01:54:47.741 UTC [41] inventory@inventory LOG:  execute __asyncpg_stmt_1__: INSERT INTO \
reservation (a) VALUES ($1)
2026-11-23 01:54:47.742 UTC [41] inventory@inventory LOG:  execute __asyncpg_stmt_2__:\x20
\t    select on_hand
\t    from stock_balance
\t    for no key update of stock_balance
2026-11-23 01:54:47.742 UTC [42] postgres@postgres LOG:  statement: select 1 from elsewhere
2026-11-23 01:54:47.743 UTC [9] LOG:  checkpoint starting: time
\tmore of the checkpoint
2026-11-23 01:54:47.744 UTC [41] inventory@inventory LOG:  statement: COMMIT;
"""


def test_only_the_statements_of_one_user_are_read_from_the_log() -> None:
    statements = logged(LOG, "inventory")
    assert [one.strip().split()[0] for one in statements] == [
        "BEGIN;",
        "INSERT",
        "select",
        "COMMIT;",
    ]
    assert "for no key update" in statements[2]


def test_a_shape_is_what_is_done_to_which_table() -> None:
    assert shape(logged(LOG, "inventory")) == [
        "insert reservation",
        "select stock_balance locked",
    ]


def test_a_statement_for_each_of_several_rows_counts_as_one() -> None:
    assert shape(["insert into line values (1)", "INSERT INTO line VALUES (2)"]) == ["insert line"]


def test_an_update_from_arrays_is_one_of_its_table() -> None:
    assert shape(["update stock_balance as b set a = 1 from unnest($1) as c"]) == [
        "update stock_balance"
    ]


def test_a_script_is_read_without_comments_variables_and_result_commands() -> None:
    text = (
        "-- why; because\n\\set a 1\nbegin;\nselect 1 from a -- no;\n\\gset\ndelete from b;\nend;"
    )
    assert scripted(text) == ["begin", "select 1 from a", "delete from b", "end"]


def test_the_script_of_the_benchmark_is_one_reservation() -> None:
    assert shape(scripted(SCRIPT.read_text())) == [
        "select idempotency_claim",
        "select item",
        "select reservation",
        "select stock_balance locked",
        "update stock_balance",
        "with reservation_line",
        "insert outbox",
        "insert idempotency_claim",
    ]

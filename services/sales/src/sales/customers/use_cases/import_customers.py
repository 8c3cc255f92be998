"""Import customers line by line: what one line does wrong keeps no other line out (H6)."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers.domain import CustomerChange, CustomerRepeated
from sales.customers.use_cases.define_customer import define_customer
from servicekit.errors import Refusal
from sheets.imports import ImportReport, Outcome

Line = tuple[str, CustomerChange]


async def import_customers(
    session: AsyncSession, lines: Mapping[int, Line], by: str
) -> ImportReport:
    """Define or change the customers of a file, in order of their ids: so they are locked."""
    report, seen = ImportReport(), set[str]()
    for line_no, (customer_id, wanted) in sorted(
        lines.items(), key=lambda one: (one[1][0], one[0])
    ):
        try:
            if customer_id in seen:
                raise CustomerRepeated(customer_id=customer_id)
            seen.add(customer_id)
            _, changed = await define_customer(session, customer_id, wanted, by)
            report.count(Outcome.CHANGED if changed else Outcome.UNCHANGED)
        except Refusal as refusal:
            report.refused[line_no] = refusal
    return report

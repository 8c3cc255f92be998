"""HTTP: masters of purchasing, its invoices, and how its documents came about, as files (H6)."""

from purchasing.clocks.tables import clocks
from purchasing.demand.tables import covers, steps
from purchasing.invoices.tables import (
    invoice_lines,
    invoices,
    match_lines,
    matches,
)
from purchasing.orders.tables import approval_limits, deliveries, order_changes
from purchasing.rates.tables import exchange_rates
from purchasing.receipts.tables import openings, photos, refused_goods
from purchasing.recognition.tables import documents, names_of_items
from purchasing.repricing.tables import repricing_lines, repricings
from purchasing.returns.tables import reversals
from purchasing.settlement.tables import (
    accrual_lines,
    confirmation_lines,
    confirmation_steps,
    confirmations,
    supplier_item_vat_rates,
    supplier_vat_rates,
    vat_rates,
)
from purchasing.suppliers.tables import (
    overdue_lines,
    portal_users,
    price_breaks,
    prices,
    supplier_changes,
    suppliers,
)
from purchasing.warnings.tables import warning_levels, warning_reads, warnings
from sheets.tables import TableFile, tables_router

UNTOLD_OF_DOCUMENTS = (
    "lease",
    "failure",
    "reading",
    "booking_due",
    "booking_attempts",
    "not_booked",
    "not_matched",
)
ROLES = ("master_data", "buyer", "finance", "operator", "service")

TABLES = (
    TableFile("suppliers", suppliers),
    TableFile("supplier-changes", supplier_changes),
    TableFile("portal-users", portal_users),
    TableFile("prices", prices),
    TableFile("price-breaks", price_breaks),
    TableFile("exchange-rates", exchange_rates),
    TableFile("approval-limits", approval_limits),
    TableFile("order-deliveries", deliveries, everywhere=True),
    TableFile("order-changes", order_changes, everywhere=True),
    TableFile("requisition-covers", covers, everywhere=True),
    TableFile("requisition-steps", steps, everywhere=True),
    TableFile("overdue-lines", overdue_lines, everywhere=True),
    TableFile("openings", openings),
    TableFile("photos", photos, everywhere=True),
    TableFile("refused-goods", refused_goods, everywhere=True),
    TableFile("clocks", clocks),
    TableFile("warnings", warnings),
    TableFile("warning-levels", warning_levels, everywhere=True),
    TableFile("warning-reads", warning_reads, everywhere=True),
    TableFile("vat-rates", vat_rates),
    TableFile("supplier-vat-rates", supplier_vat_rates),
    TableFile("supplier-item-vat-rates", supplier_item_vat_rates),
    TableFile("confirmations", confirmations),
    TableFile("confirmation-lines", confirmation_lines, everywhere=True),
    TableFile("confirmation-steps", confirmation_steps, everywhere=True),
    # Their lines are those of their returns.
    TableFile("return-reversals", reversals),
    TableFile("accrual-lines", accrual_lines, everywhere=True),
    TableFile("repricings", repricings),
    TableFile("repricing-lines", repricing_lines, everywhere=True),
    TableFile("invoices", invoices),
    TableFile("invoice-lines", invoice_lines),
    # What was read of them is on the invoices that came of it.
    TableFile("invoice-documents", documents, UNTOLD_OF_DOCUMENTS),
    TableFile("item-names", names_of_items),
    TableFile("matches", matches, ("differences",), everywhere=True),
    TableFile("match-lines", match_lines),
)

router = tables_router("insight", ROLES, TABLES)

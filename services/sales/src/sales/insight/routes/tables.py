"""HTTP: masters of sales, and what its tills told, as files (H6)."""

from sales.channels.tables import times_to_live
from sales.counter.tables import sales, take_back_lines, take_backs
from sales.credit.tables import applications, payments, payout_parts, payouts, receivables
from sales.customers.tables import customers, versions
from sales.deliveries.tables import links, photos
from sales.importing.tables import order_imports
from sales.margins.tables import corrections, costs, returned_costs, reversed_costs, shares
from sales.orders.tables import (
    back_order_goods,
    back_order_tries,
    held_lines,
    line_prices,
    order_change_lines,
    order_changes,
    rests,
    sales_order_lines,
    swap_lines,
)
from sales.prices.tables import levels, prices, promotions
from sales.returns.tables import reversals
from sales.sourcing.tables import lines as sourcing_lines
from sales.sourcing.tables import orders as sourcing_orders
from sales.sourcing.tables import preferences as sourcing_preferences
from sales.sourcing.tables import requests as sourcing_requests
from sales.substitutes.tables import line_substitutions
from sheets.tables import TableFile, tables_router

ROLES = ("master_data", "shop_manager", "finance", "operator", "service")

router = tables_router(
    "insight",
    ROLES,
    (
        TableFile("customers", customers),
        TableFile("customer-versions", versions),
        TableFile("receivables", receivables),
        TableFile("customer-payments", payments),
        TableFile("payment-applications", applications),
        TableFile("customer-payouts", payouts),
        TableFile("customer-payout-parts", payout_parts),
        TableFile("customer-levels", levels),
        TableFile("channels", times_to_live),
        TableFile("prices", prices),
        TableFile("promotions", promotions),
        TableFile("order-imports", order_imports, ("content",)),
        TableFile("line-costs", costs),
        TableFile("return-costs", returned_costs),
        TableFile("return-reversal-costs", reversed_costs),
        TableFile("cost-corrections", corrections),
        TableFile("correction-shares", shares),
        # Their lines are those of their orders.
        TableFile("counter-sales", sales, ("lines", "problem")),
        TableFile("counter-sale-take-backs", take_backs),
        TableFile("counter-sale-take-back-lines", take_back_lines),
        # Their lines are those of their returns.
        TableFile("return-reversals", reversals),
        TableFile("held-lines", held_lines),
        TableFile("line-prices", line_prices),
        # Those too whose place others have taken.
        TableFile("order-lines", sales_order_lines),
        TableFile("order-changes", order_changes, ("problem",)),
        TableFile("order-change-lines", order_change_lines),
        TableFile("order-swap-lines", swap_lines),
        TableFile("back-order-goods", back_order_goods),
        TableFile("cancelled-rests", rests, ("shipped",)),
        TableFile("back-order-tries", back_order_tries, ("problem",)),
        TableFile("line-substitutions", line_substitutions),
        TableFile("delivery-photos", photos),
        # Who has a link's token may sign.
        TableFile("delivery-links", links, ("token_hash",)),
        TableFile("sourcing-preferences", sourcing_preferences),
        TableFile("sourcing-requests", sourcing_requests, ("tried", "considered", "problem")),
        TableFile("sourcing-lines", sourcing_lines),
        TableFile("sourcing-orders", sourcing_orders),
    ),
)

"""Prices of posted receipts as finance corrects them by hand, until an invoice says them."""

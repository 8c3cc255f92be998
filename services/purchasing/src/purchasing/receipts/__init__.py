"""Receipts: what arrived against an order, from the draft to the books."""

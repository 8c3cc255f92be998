"""Clocks: how long receipts wait for being posted, and for their supplier's word."""

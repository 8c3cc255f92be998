"""Invoices that were uploaded, and what was read in them."""

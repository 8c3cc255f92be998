"""Invoices: booked once, matched with orders and receipts, listed for the tax bureau."""

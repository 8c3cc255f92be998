"""Reads over orders, shipments and returns."""

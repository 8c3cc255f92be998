"""Shipments: paid goods leave the warehouse."""

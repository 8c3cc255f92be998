"""Plumbing that every service needs and no business noun: database, bus, HTTP edge, telemetry."""

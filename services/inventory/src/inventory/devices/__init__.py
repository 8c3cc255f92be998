"""Devices of a site: what may send scans, counts and weights."""

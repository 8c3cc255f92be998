"""The rules of returns: what may come back, and what the customer gets for it."""

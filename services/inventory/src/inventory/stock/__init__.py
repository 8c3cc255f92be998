"""The ledger and the balances it explains."""

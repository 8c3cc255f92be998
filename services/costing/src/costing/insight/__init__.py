"""Proofs: costing agrees with inventory, and a rebuild from events finds the same costs."""

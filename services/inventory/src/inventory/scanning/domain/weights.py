"""Weights, as scans bring them: what they mean stands with the units of the catalog."""

from inventory.catalog.domain.weights import KILOGRAM, Weight, converted, weight_unit

__all__ = ["KILOGRAM", "Weight", "converted", "weight_unit"]

"""Requisitions from the shop's wish to the orders that cover it."""

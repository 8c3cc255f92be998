"""Goods from the nearest site that has everything, or from several sites, as one request."""

"""Deliveries: the proof that goods arrived, and the ways by which somebody signs for them."""

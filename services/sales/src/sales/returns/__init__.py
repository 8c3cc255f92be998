"""Returns: goods of a shipment come back, and wait to be inspected."""

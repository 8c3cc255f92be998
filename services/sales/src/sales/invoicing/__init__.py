"""Output invoices: what was sold and what came back, as the tax bureau wants it listed."""

"""What the books of costing are asked for as a whole."""

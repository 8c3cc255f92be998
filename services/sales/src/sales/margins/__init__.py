"""What sold goods cost, by what costing tells, and what is earned with them."""

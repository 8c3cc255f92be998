"""Sales orders, from the wish of a customer to goods that are held and paid."""

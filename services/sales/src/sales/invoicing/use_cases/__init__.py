"""What can be said about output invoices."""

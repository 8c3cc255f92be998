"""HTTP: invoices, what they are for, and the list for the tax bureau."""

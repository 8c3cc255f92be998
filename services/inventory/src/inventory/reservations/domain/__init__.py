"""The rules of holding stock: all or nothing, and one end to everything."""

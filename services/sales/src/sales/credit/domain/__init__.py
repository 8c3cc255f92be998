"""The rules of credit: what is owed, what settles it, and why it is refused."""

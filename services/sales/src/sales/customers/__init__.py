"""To whom goods are sold."""

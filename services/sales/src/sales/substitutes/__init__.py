"""What may be sold instead of what is not there: proposed, and never done silently."""

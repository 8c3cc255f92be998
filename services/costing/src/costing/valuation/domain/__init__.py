"""What stock is worth: each stream's moving average, and what is on its way between two."""

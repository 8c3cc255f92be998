"""What customers owe: orders on credit, and what they pay on account."""

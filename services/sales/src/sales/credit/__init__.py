"""What customers owe: orders on credit, what they pay on account, and what is paid out of it."""

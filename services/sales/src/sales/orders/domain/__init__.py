"""The rules of sales orders: what each state waits for, and why something is refused."""

"""Settlement: what suppliers say about receipts, and what is owed for them until invoiced."""

"""Counter sales: baskets sold at a till, each reserved, paid and shipped at once."""

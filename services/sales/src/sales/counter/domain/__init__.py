"""Counter sales and their rules."""

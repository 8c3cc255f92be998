"""Purchase orders: what was ordered, from whom, for which warehouse and at which price."""

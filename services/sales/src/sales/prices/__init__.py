"""What goods cost whom: levels of price, price lists and promotions."""

"""What is taken off the shelves for orders before it leaves: who picked which goods, and when."""

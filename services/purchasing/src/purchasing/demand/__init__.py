"""What shops ask for, and how much of it is ordered."""

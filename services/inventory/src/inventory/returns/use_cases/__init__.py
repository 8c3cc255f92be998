"""What can be done with goods that go back to suppliers."""

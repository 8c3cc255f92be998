"""Goods that go back to suppliers, as purchasing asks for it."""

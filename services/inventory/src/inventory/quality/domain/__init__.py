"""The rules of holding goods back."""

"""What purchasing has begun and not finished."""

"""The books looked at from above: whether they agree with themselves."""

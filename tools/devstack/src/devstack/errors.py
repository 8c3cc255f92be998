"""What can go wrong, said so that the reader knows what to do."""


class StackError(Exception):
    """The stack, or a part of it, did not do what was asked; the message says why."""

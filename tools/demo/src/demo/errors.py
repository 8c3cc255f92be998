"""What can go wrong, and what to do about it."""


class DemoError(Exception):
    """The demo can't go on; `advice` says what would help."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.advice = advice

"""Numbers in sentences."""

__all__ = ["counted"]


def counted(number: int, noun: str, plural: str = "") -> str:
    """The number and its noun: `1 rule`, `1,420 cases`; `plural` is that of a noun that takes more than an "s"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"

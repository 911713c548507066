"""Words that all messages and pages have in common: numbers of things, lists, and text that is cut."""

from collections.abc import Sequence

__all__ = ["counted", "listed", "quoted", "shortened"]

_ELLIPSIS = "..."


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things.

    >>> counted(1, "rule"), counted(1420, "case"), counted(3, "query", "queries")
    ('1 rule', '1,420 cases', '3 queries')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def listed(texts: Sequence[str], *, word: str = "and", limit: int | None = None) -> str:
    """The texts as a sentence lists them; of more than `limit` the first ones, and how many there are beside them.

    >>> listed(["a"]), listed(["a", "b", "c"], word="or"), listed(["a", "b", "c", "d"], limit=2)
    ('a', 'a, b or c', 'a, b and 2 more')
    """
    if limit is not None and len(texts) > limit:
        return f"{', '.join(texts[:limit])} and {len(texts) - limit:,} more"
    *first, last = texts or ("",)
    return f"{', '.join(first)} {word} {last}" if first else last


def quoted(text: str, limit: int = 60) -> str:
    """A user's text between backticks, in one line and shortened for a message.

    >>> quoted('process.name ==  "nc"')
    '`process.name == "nc"`'
    """
    return f"`{shortened(' '.join(text.split()), limit)}`"


def shortened(text: str, limit: int, *, keep_end: bool = False) -> str:
    """The text in at most `limit` characters; dots stand for what is left out of its end, or of its middle.

    >>> shortened("C:\\\\Windows", 8), shortened("C:\\\\Windows", 8, keep_end=True)
    ('C:\\\\Wi...', 'C:\\\\...ws')
    """
    if len(text) <= limit:
        return text
    room = limit - len(_ELLIPSIS)
    end = room // 2 if keep_end else 0
    return f"{text[: room - end]}{_ELLIPSIS}{text[len(text) - end :]}"

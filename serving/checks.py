"""What every way in asks of a text and of what is said about it, before any work is begun."""

from __future__ import annotations

from datetime import date as calendar_date

from banmian.data.errors import BanmianError
from banmian.serving.problems import shown


def check_known(paper: str, date: str) -> dict[str, str]:
    """Paper and date as the sender says them; only what is said."""
    check_unicode(paper, "paper")
    if date and not _is_date(date):
        raise BanmianError("a date as YYYY-MM-DD", shown(date), "date", "Correct it or leave it empty.")
    return {key: value for key, value in (("paper", paper), ("date", date)) if value}


def _is_date(text: str) -> bool:
    try:
        return calendar_date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_text(text: str, where: str) -> None:
    """Text that can be read at all: something printed, and no half of a character."""
    check_unicode(text, where)
    if not any(char.isprintable() and not char.isspace() for char in text):
        raise BanmianError(
            "text with something printed in it",
            "nothing but blanks" if text else "nothing",
            where,
            "Paste a page, an article or a paragraph.",
        )


def check_unicode(text: str, where: str) -> None:
    """No lone surrogate, which no file, answer or model can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        raise BanmianError(
            "Unicode text",
            f"half of a character (U+{ord(text[problem.start]):04X}) at character {problem.start}",
            where,
            "Send the text as UTF-8.",
        ) from None

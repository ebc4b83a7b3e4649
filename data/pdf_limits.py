"""What one page and one file may take: far above any newspaper page, far below what hurts a server."""

from __future__ import annotations

#: The most characters, stretches of text, and drawn objects taken from one page; a dense broadsheet page has
#: about 12,000 characters in 1,500 lines, and some hundred rules and frames.
MAX_GLYPHS, MAX_RUNS, MAX_OBJECTS = 60_000, 6_000, 20_000
#: The most rules, frames or pictures kept of a page: each is held against every text.
MAX_DRAWN = 600


class TooMuchError(Exception):
    """A page holds more than any newspaper page does; the message says of what."""


def limit(memory: int, seconds: int) -> None:
    """Let the system end this process at ``memory`` bytes or ``seconds`` of work, where it can."""
    try:
        import resource
    except ImportError:  # Windows has none of it
        return
    limits = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0))
    for what, most in limits:
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue

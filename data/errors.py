"""The one error every boundary raises: what was expected, what was found, where, what to do."""

from __future__ import annotations


class BanmianError(Exception):
    """Bad input, said so that its sender can mend it.

    Args:
        expected: what the contract asks for.
        found: what came instead, short enough to print.
        where: the place, e.g. ``issue.json:42`` or ``paragraphs[3]``; empty if there is only one.
        remedy: what the reader should do next.
    """

    def __init__(self, expected: str, found: str, where: str = "", remedy: str = "") -> None:
        self.expected, self.found, self.where, self.remedy = expected, found, where, remedy
        parts = [f"expected {expected}", f"found {found}"]
        text = (f"{where}: " if where else "") + ", ".join(parts) + "."
        super().__init__(f"{text} {remedy}" if remedy else text)

    def as_dict(self) -> dict[str, str]:
        """The four parts by name, for an HTTP answer."""
        return {
            "message": str(self),
            "expected": self.expected,
            "found": self.found,
            "where": self.where,
            "remedy": self.remedy,
        }


class MissingExtraError(BanmianError):
    """A library of an optional extra is needed and not installed."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(
            expected=f"{library} for {purpose}",
            found="an installation without it",
            remedy=f"Install it with: pip install 'banmian[{extra}]'",
        )

"""How well the support check tells hand-made unsupported headlines from good ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, get_args

import numpy as np

from banmian.data.facts import unsupported
from banmian.data.issue import Record, Span
from banmian.eval.intervals import RESAMPLES, Measured, mean_with_interval
from banmian.eval.support_cases import Half, Held, Kind
from banmian.eval.table import Table, interval

#: A headline, its article's text and the day: the places that the text does not support.
Check = Callable[[str, str, str], Sequence[Span]]
Halves = Literal["all", "open", "sealed"]


class Finding(Record):
    """What the check said of one case."""

    held: Held
    spans: tuple[Span, ...]

    @property
    def flagged(self) -> bool:
        """Whether it refuses the headline."""
        return bool(self.spans)

    @property
    def placed(self) -> bool:
        """Whether a span overlaps the words that are wrong."""
        start, end = self.held.case.span
        return any(span.start < end and start < span.end for span in self.spans)

    @property
    def elsewhere(self) -> bool:
        """Whether the wrong words stand in the article, said of something else."""
        return (self.held.case.wrong or "") in self.held.text


class Catch(Record):
    """Unsupported headlines of one kind: share caught at all, and share caught at the wrong words."""

    faults: str
    half: Halves
    n: int
    caught: Measured
    placed: Measured


class Refusal(Record):
    """Good headlines: share refused."""

    half: Halves
    n: int
    refused: Measured


class SupportScore(Record):
    """The check on every case; intervals resample articles."""

    catches: tuple[Catch, ...]
    refusals: tuple[Refusal, ...]


def hold(cases: Sequence[Held], check: Check = unsupported) -> list[Finding]:
    """Run the check on every case, in order."""
    return [
        Finding(held=held, spans=tuple(check(held.case.headline, held.text, held.date))) for held in cases
    ]


def score_support(findings: Sequence[Finding], seed: int = 0, resamples: int = RESAMPLES) -> SupportScore:
    """Shares caught and refused, of all cases and of each half, by kind where a half has any."""
    catches, refusals = [], []
    halves: tuple[Halves, ...] = ("all", *get_args(Half))
    for half in halves:
        part = [found for found in findings if half in ("all", found.held.case.half)]
        good = [found for found in part if found.held.case.good]
        if good:
            refused = _share(good, lambda found: found.flagged, seed, resamples)
            refusals.append(Refusal(half=half, n=len(good), refused=refused))
        for faults, chosen in _by_fault([found for found in part if not found.held.case.good]):
            if chosen:
                caught = _share(chosen, lambda found: found.flagged, seed, resamples)
                placed = _share(chosen, lambda found: found.placed, seed, resamples)
                catches.append(Catch(faults=faults, half=half, n=len(chosen), caught=caught, placed=placed))
    return SupportScore(catches=tuple(catches), refusals=tuple(refusals))


def _by_fault(wrong: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    for kind in get_args(Kind):
        yield kind, [found for found in wrong if found.held.case.kind == kind]
    yield "every kind", list(wrong)
    yield "wrong words nowhere in the article", [found for found in wrong if not found.elsewhere]
    yield "wrong words elsewhere in the article", [found for found in wrong if found.elsewhere]


def _share(
    findings: Sequence[Finding], holds: Callable[[Finding], bool], seed: int, resamples: int
) -> Measured:
    values = np.array([float(holds(found)) for found in findings])
    articles = [(found.held.case.issue, found.held.case.article) for found in findings]
    return mean_with_interval(values, "article", seed, articles, resamples)


def support_tables(score: SupportScore) -> list[Table]:
    """Caught by kind, for all cases and each half; then what good headlines it refuses."""
    halves: tuple[Halves, ...] = ("all", *get_args(Half))
    catches = {(catch.faults, catch.half): catch for catch in score.catches}
    columns: tuple[str, ...] = ("fault",)
    for half in halves:
        columns += (f"n, {half}", "caught", "at the place")
    rows = []
    for faults in dict.fromkeys(catch.faults for catch in score.catches):
        row: tuple[str, ...] = (faults,)
        for half in halves:
            catch = catches.get((faults, half))
            row += (
                (str(catch.n), interval(catch.caught), interval(catch.placed)) if catch else ("0", "–", "–")
            )
        rows.append(row)
    title = "Unsupported headlines caught (95% intervals over articles)"
    good = tuple((refusal.half, str(refusal.n), interval(refusal.refused)) for refusal in score.refusals)
    return [
        Table(title, columns, tuple(rows)),
        Table("Good headlines refused", ("cases", "n", "refused"), good),
    ]


def listed(findings: Sequence[Finding]) -> Iterator[str]:
    """Misses, misplaced catches and false alarms of the open half, one a line.

    The sealed half is never listed: it measures the rules only as long as nobody mends them on it.
    """
    for found in findings:
        case = found.held.case
        if case.half == "sealed":
            continue
        said = "; ".join(f"{span.text} ({span.kind}: {span.reason})" for span in found.spans) or "nothing"
        where = f"{case.issue} {case.article} {case.headline}"
        if case.good and found.flagged:
            yield f"refused: {where}: {said}"
        elif not case.good and not found.flagged:
            yield f"missed {case.kind} {case.wrong}: {where}"
        elif not case.good and not found.placed:
            yield f"misplaced {case.kind} {case.wrong}: {where}: {said}"

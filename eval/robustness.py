"""What another print of the same articles costs the labeller: points of accuracy and macro-F1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tqdm import tqdm

from banmian.data.issue import Record
from banmian.data.perturb import PERTURBATIONS, Perturbation
from banmian.eval.intervals import RESAMPLES, Measured
from banmian.eval.paragraphs import ParagraphSet
from banmian.eval.score import Predicts, gain
from banmian.eval.table import Table
from banmian.serving.inputs import Reading

#: What a perturbation may cost, as a share.
ALLOWED = 0.02


class Robustness(Record):
    """One perturbation of one set.

    ``changed``: the share of paragraphs whose text, headline or lead it altered; ``flipped``: the share that
    then got another label. ``accuracy`` and ``macro_f1``: perturbed minus clean on the same paragraphs, with
    intervals over whole articles.
    """

    paragraphs: str
    digest: str
    model: str
    perturbation: str
    n: int
    changed: float
    flipped: float
    accuracy: Measured
    macro_f1: Measured

    @property
    def within(self) -> bool:
        """Whether it costs no more than allowed."""
        return min(self.accuracy.value, self.macro_f1.value) >= -ALLOWED


def score_robustness(
    model: Predicts,
    name: str,
    paragraphs: ParagraphSet,
    seed: int = 0,
    resamples: int = RESAMPLES,
    only: Sequence[str] = tuple(PERTURBATIONS),
) -> list[Robustness]:
    """Every perturbation in ``only``, on paragraphs read with headline and lead."""
    clean = paragraphs.readings(context=True)
    before = model.predict(clean)
    made = []
    for perturbation in tqdm(only, desc=f"perturbed {paragraphs.name}", leave=False, disable=None):
        readings = perturbed(paragraphs, PERTURBATIONS[perturbation], seed)
        after = model.predict(readings)
        cost = gain(after, before, "clean", paragraphs, seed, resamples)
        count = len(clean)
        made.append(
            Robustness(
                paragraphs=paragraphs.name,
                digest=paragraphs.digest,
                model=name,
                perturbation=perturbation,
                n=count,
                changed=sum(a != b for a, b in zip(readings, clean, strict=True)) / count,
                flipped=sum(a.label != b.label for a, b in zip(after, before, strict=True)) / count,
                accuracy=cost.accuracy,
                macro_f1=cost.macro_f1,
            )
        )
    return made


def perturbed(paragraphs: ParagraphSet, change: Perturbation, seed: int) -> list[Reading]:
    """The readings after ``change``, which sees all texts of an article together."""
    members: dict[str, list[Reading]] = defaultdict(list)
    for paragraph in paragraphs.paragraphs:
        members[paragraph.article].append(paragraph.reading)
    tables: dict[str, dict[str, str]] = {}
    for article, readings in members.items():
        texts = list(dict.fromkeys(text for r in readings for text in (r.headline, r.lead, r.text)))
        tables[article] = dict(zip(texts, change(texts, seed), strict=True))
    made = []
    for paragraph in paragraphs.paragraphs:
        table, reading = tables[paragraph.article], paragraph.reading
        made.append(Reading(table[reading.text], table[reading.headline], table[reading.lead]))
    return made


def robustness_table(found: Sequence[Robustness]) -> Table:
    """One row a set and perturbation, costs in points."""
    columns = ("paragraphs", "perturbation", "n", "changed", "flipped", "accuracy", "macro-F1", "within")
    rows = tuple(
        (
            r.paragraphs,
            r.perturbation,
            str(r.n),
            f"{r.changed:.0%}",
            f"{r.flipped:.1%}",
            _points(r.accuracy),
            _points(r.macro_f1),
            "yes" if r.within else "no",
        )
        for r in found
    )
    resamples = found[0].accuracy.resamples if found else 0
    title = f"Cost of perturbations in points (95% intervals, {resamples} resamples of articles)"
    return Table(title, columns, rows, left=2)


def _points(measured: Measured) -> str:
    value, low, high = (100 * x for x in (measured.value, measured.low, measured.high))
    return f"{value:+.1f} [{low:+.1f}, {high:+.1f}]"

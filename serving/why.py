"""Why a paragraph got its label: what the label's log-odds lose when a part of the input is left out.

Clauses first, then the words of the clauses that decided, with headline and lead as parts among others.
Log-odds and not the logarithm of the probability: the order of the parts is the same, but a label held at
.999 still tells strong parts from weak ones. In float32, because int8 moves the scores of a sure paragraph
by more than a clause does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from banmian.data.issue import Record
from banmian.data.labels import LABELS, Label
from banmian.data.lexicon import Word, words
from banmian.data.text import printed_places
from banmian.serving import processor
from banmian.serving.batches import by_length
from banmian.serving.bundle import Bundle
from banmian.serving.consistency import log_softmax
from banmian.serving.ctranslate import CTranslateClassifier
from banmian.serving.gradient import token_weights
from banmian.serving.inputs import InputShape, Reading, Window, windows
from banmian.serving.neighbours import Neighbour
from banmian.serving.tokens import Tokens

Method = Literal["occlusion", "gradient"]
METHODS: tuple[Method, ...] = ("occlusion", "gradient")

#: Clauses weighed at most; in a longer paragraph neighbours are weighed together.
MAX_CLAUSES = 32
#: Words are weighed in the clauses that speak loudest for the label.
DECIDING_CLAUSES = 2
_BATCH_TOKENS = 1024
_CLAUSE = re.compile(r"[^，。；：！？…]*[，。；：！？…]+[”’」』）》]*|[^，。；：！？…]+$")
_RUN = re.compile(r"\d+(?:[.:,]\d+)*%?|[A-Za-z]+|(?P<han>[^\dA-Za-z]+)")
_MEANT = re.compile(r"\w")

Span = tuple[int, int]


class Part(Record):
    """``[start, end)`` of the printed paragraph, its text, and what the label's log-odds lose without it.

    A negative weight speaks against the label.
    """

    start: int
    end: int
    text: str
    weight: float


class Why(Record):
    """What decided a label.

    ``clauses`` cover the paragraph; ``words`` are those of the clauses that decided. ``headline`` and
    ``lead``: their weights, none where there was none to read. ``article``: what the article's other
    paragraphs added to the label's log-odds, none where it is not known. ``neighbours``: the nearest labelled
    paragraphs, the nearest first; none while their index is being made.
    """

    label: Label
    method: Method
    clauses: tuple[Part, ...]
    words: tuple[Part, ...]
    headline: float | None = None
    lead: float | None = None
    article: float | None = None
    neighbours: tuple[Neighbour, ...] | None = None


@dataclass(frozen=True)
class _Paper:
    """A reading cut for the model: windows, the model's text, its tokens' places in it and in print."""

    parts: list[Window]
    text: str
    offsets: list[Span]
    places: list[int]
    printed: str

    def tokens(self, span: Span) -> frozenset[int]:
        """The paragraph's tokens inside ``[start, end)`` of the model's text."""
        start, end = span
        return frozenset(k for k, (a, b) in enumerate(self.offsets) if a >= start and b <= end)

    def part(self, span: Span, weight: float) -> Part:
        """A part in the printed paragraph's characters."""
        start, end = self.places[span[0]], self.places[span[1] - 1] + 1
        return Part(start=start, end=end, text=self.printed[start:end], weight=round(weight, 4))


class Explainer:
    """Explains labels of one bundle.

    Args:
        bundle: of kind ``labeller``.
        threads: all cores if not given.
    """

    def __init__(self, bundle: Bundle, threads: int | None = None) -> None:
        self.bundle, self.tokens = bundle, Tokens(bundle.folder)
        self.shape: InputShape = bundle.manifest.input or InputShape()
        self.threads = threads or processor.cores()
        self.classifier = CTranslateClassifier(bundle, "float32", self.threads)
        self._temperature = bundle.manifest.temperature

    def explain(
        self,
        reading: Reading,
        label: Label | None = None,
        confidence: float | None = None,
        method: Method = "occlusion",
    ) -> Why:
        """What decided ``label``, or what the paragraph read by itself gets if it is not given.

        Args:
            reading: with some text.
            label: what the desk said, after the article's paragraphs heard each other.
            confidence: the desk's probability of it, to tell what the other paragraphs added.
            method: ``occlusion``, or ``gradient``: gradient times input of the word embeddings (needs torch).

        Raises:
            MissingExtraError: ``gradient`` without torch.
        """
        paper = self._paper(reading)
        scores = self._scores(paper.parts)
        alone = self._combined(paper.parts, scores)
        chosen = LABELS.index(label) if label else int(alone.argmax())
        weigh = (
            self._gradients(paper, chosen)
            if method == "gradient"
            else partial(self._occlusions, paper, scores, chosen)
        )
        clauses = _clauses(paper.text)
        *of_clauses, headline, lead = weigh([paper.tokens(span) for span in clauses], context=True)
        loudest = sorted(np.argsort(-np.array(of_clauses), kind="stable")[:DECIDING_CLAUSES].tolist())
        finer = [span for i in loudest if of_clauses[i] > 0 for span in _words(paper.text, clauses[i])]
        of_words = weigh([paper.tokens(span) for span in finer], context=False)
        head, opening = _context(paper.parts[0], self.tokens.end)
        return Why(
            label=LABELS[chosen],
            method=method,
            clauses=tuple(map(paper.part, clauses, of_clauses)),
            words=tuple(map(paper.part, finer, of_words)),
            headline=round(headline, 4) if head else None,
            lead=round(lead, 4) if opening else None,
            article=None if confidence is None else round(_heard(confidence, alone[chosen]), 4),
        )

    def _paper(self, reading: Reading) -> _Paper:
        text, places = printed_places(reading.text)
        _, offsets = self.tokens.pieces(text)
        return _Paper(windows(self.tokens, reading, self.shape), text, offsets, places, reading.text)

    def _scores(self, parts: Sequence[Window]) -> NDArray[np.float64]:
        """Log-probabilities of each window before the temperature, ``[windows, labels]``."""
        scores = np.zeros((len(parts), len(LABELS)))
        for batch in by_length([len(part.ids) for part in parts], _BATCH_TOKENS):
            logits = self.classifier.logits([parts[i] for i in batch]).astype(np.float64)
            scores[batch] = log_softmax(logits)
        return scores

    def _combined(self, parts: Sequence[Window], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The reading's log-probabilities, ``[labels]``, as :meth:`Labeller.read` makes them of windows."""
        return log_softmax(np.array([part.weight for part in parts]) @ scores / self._temperature)

    def _occlusions(
        self,
        paper: _Paper,
        scores: NDArray[np.float64],
        label: int,
        spans: Sequence[frozenset[int]],
        context: bool,
    ) -> list[float]:
        """What the label's log-odds lose without each span's tokens; headline and lead last with ``context``.

        Only the windows that hold some of a part's tokens are read again, all of them in one go.
        """
        base = _odds(self._combined(paper.parts, scores)[label])
        changed: list[tuple[int, int, Window]] = []  # which part, which window, the window without it
        for w, window in enumerate(paper.parts):
            for p, positions in enumerate(_positions(window, spans, context, self.tokens.end)):
                shorter = _without(window, positions)
                if len(shorter.ids) < len(window.ids):
                    changed.append((p, w, shorter))
        again = self._scores([window for _, _, window in changed])
        moved = np.repeat(scores[np.newaxis], len(spans) + 2 * context, axis=0)
        for (p, w, _), row in zip(changed, again, strict=True):
            moved[p, w] = row
        return [base - _odds(self._combined(paper.parts, rows)[label]) for rows in moved]

    def _gradients(self, paper: _Paper, label: int) -> Callable[..., list[float]]:
        """As :meth:`_occlusions`, of gradient times input, which one pass gives for every token."""
        rows = token_weights(self.bundle, paper.parts, label, self.threads)

        def weigh(spans: Sequence[frozenset[int]], context: bool) -> list[float]:
            sums = [0.0] * (len(spans) + 2 * context)
            for window, row in zip(paper.parts, rows, strict=True):
                for p, positions in enumerate(_positions(window, spans, context, self.tokens.end)):
                    sums[p] += sum(float(row[i]) for i in positions)
            return sums

        return weigh


def _clauses(text: str) -> list[Span]:
    """The clauses of the model's text, at most MAX_CLAUSES: else neighbours are joined evenly."""
    spans = [match.span() for match in _CLAUSE.finditer(text)]
    size = -(-len(spans) // MAX_CLAUSES)
    groups = [spans[i : i + size] for i in range(0, len(spans), size)] if spans else []
    return [(group[0][0], group[-1][1]) for group in groups]


def _words(text: str, clause: Span) -> Iterator[Span]:
    """The words of a clause; a run of digits or Latin letters is one."""
    for run in _RUN.finditer(text, *clause):
        cut = words(run.group()) if run.lastgroup == "han" else [Word(0, len(run.group()), run.group(), "")]
        for word in cut:
            if _MEANT.match(word.text):
                yield run.start() + word.start, run.start() + word.end


def _positions(
    window: Window, spans: Sequence[frozenset[int]], context: bool, separator: int
) -> list[set[int]]:
    """Where in the window each span's tokens are; then, with ``context``, the headline's and the lead's."""
    body, last = window.types.index(1), len(window.ids) - 1
    found = [{at for k in span if body <= (at := body + k - window.start) < last} for span in spans]
    return found + (_context(window, separator) if context else [])


def _context(window: Window, separator: int) -> list[set[int]]:
    """The positions of the headline's and the lead's tokens."""
    body, first = window.types.index(1), window.ids.index(separator)
    return [set(range(1, first)), set(range(first + 1, body - 1))]


def _without(window: Window, positions: set[int]) -> Window:
    """The window without some of its tokens."""
    kept = [i for i in range(len(window.ids)) if i not in positions]
    return Window([window.ids[i] for i in kept], [window.types[i] for i in kept], window.weight, window.start)


def _heard(confidence: float, alone: float) -> float:
    """What the article's other paragraphs added to the log-odds."""
    return _odds(math.log(max(confidence, 1e-12))) - _odds(alone)


def _odds(log_probability: float) -> float:
    """The log-odds of a log-probability, finite at both ends."""
    p = min(max(float(np.exp(log_probability)), 1e-12), 1 - 1e-9)
    return float(np.log(p) - np.log1p(-p))

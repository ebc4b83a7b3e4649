"""The labelled paragraphs nearest to one that is asked about, among those the project may show.

Near in what the labeller itself sees: the mean of its last layer over the paragraph's own tokens, read in
the context of headline and lead, compared by cosine. The index is made once for a model and kept in the
cache.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from banmian.data.issue import Issue, Record
from banmian.data.labels import Label
from banmian.data.shipped import REAL_ISSUE, shipped_issue, written_issues
from banmian.data.text import model_text
from banmian.serving.atomic import write_atomically
from banmian.serving.batches import by_length
from banmian.serving.cache import cache_folder
from banmian.serving.ctranslate import CTranslateClassifier
from banmian.serving.desk import reading as in_context
from banmian.serving.inputs import InputShape, Reading, windows
from banmian.serving.scheduler import ClosedError
from banmian.serving.tokens import Tokens

log = logging.getLogger("banmian.serving")

NEAREST = 3
# Part of the cache's key: raise it when what is stored changes.
_LAYOUT = 1
_BATCH_TOKENS = 1024
_AT_ONCE = 64
_NO_WORD = re.compile(r"[\W_]+")


class Neighbour(Record):
    """A labelled paragraph: where it is printed, its label, and how near it is (cosine, at most 1)."""

    issue: str
    headline: str
    text: str
    label: Label
    similarity: float


@dataclass(frozen=True)
class _Known:
    issue: str
    reading: Reading
    label: Label


class Neighbours:
    """Finds neighbours with one labeller's encoder.

    Args:
        digest: of the labeller's bundle, for the cache.
        classifier: its network.
        tokens: its tokenizer.
        shape: of its input.
        issues: labelled ones; those the project ships if not given.
    """

    def __init__(
        self,
        digest: str,
        classifier: CTranslateClassifier,
        tokens: Tokens,
        shape: InputShape,
        issues: Sequence[Issue] | None = None,
    ) -> None:
        self._digest, self._classifier, self._tokens, self._shape = digest, classifier, tokens, shape
        self._issues = issues
        self._known: list[_Known] = []
        self._index: NDArray[np.float32] | None = None
        self._making = threading.Lock()
        self._stopped = False

    @property
    def ready(self) -> bool:
        """Whether :meth:`nearest` answers at once."""
        return self._index is not None

    def prepare(self) -> None:
        """Make the index, or load it from the cache; nothing happens if it is there.

        With the shipped model 2,400 paragraphs take about 20 s on two cores.
        """
        with self._making:
            if self._index is not None:
                return
            issues = self._issues
            if issues is None:
                issues = [*written_issues(), shipped_issue(REAL_ISSUE)]
            self._known = _labelled(issues)
            self._index = self._cached()

    def stop(self) -> None:
        """Give up making the index: :meth:`prepare` raises ClosedError."""
        self._stopped = True

    def nearest(self, reading: Reading, count: int = NEAREST) -> tuple[Neighbour, ...]:
        """The nearest labelled paragraphs, the nearest first.

        The paragraph itself and what stands in the same article are no evidence and left out: asked about
        the shipped page, the answer comes from other articles. So is what would be shown twice.
        """
        self.prepare()
        assert self._index is not None
        similarity = self._index @ self._embed([reading])[0]
        made: list[Neighbour] = []
        seen = {_bare(reading.text)}
        for i in np.argsort(-similarity, kind="stable").tolist():
            known = self._known[i]
            if len(made) == count:
                break
            if _bare(known.reading.text) in seen or _same_article(known.reading, reading):
                continue
            seen.add(_bare(known.reading.text))
            made.append(
                Neighbour(
                    issue=known.issue,
                    headline=known.reading.headline,
                    text=known.reading.text,
                    label=known.label,
                    similarity=round(min(1.0, float(similarity[i])), 4),
                )
            )
        return tuple(made)

    def _cached(self) -> NDArray[np.float32]:
        key = hashlib.sha256(repr((_LAYOUT, self._digest, self._known)).encode()).hexdigest()[:32]
        path = cache_folder() / "neighbours" / f"{key}.npy"
        try:
            found = np.load(path, allow_pickle=False).astype(np.float32)
            if len(found) == len(self._known):
                return np.asarray(found)
        except (OSError, ValueError):  # not there, or cut short
            pass
        parts = []
        for start in range(0, len(self._known), _AT_ONCE):
            if self._stopped:
                raise ClosedError
            parts.append(self._embed([known.reading for known in self._known[start : start + _AT_ONCE]]))
        index = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)
        _save(path, index.astype(np.float16))
        return index

    def _embed(self, readings: Sequence[Reading]) -> NDArray[np.float32]:
        """Unit vectors, ``[readings, hidden]``; of a long paragraph only its first window is looked at."""
        firsts = [windows(self._tokens, reading, self._shape)[0] for reading in readings]
        rows: list[NDArray[np.float32]] = [np.zeros(0, dtype=np.float32)] * len(firsts)
        for batch in by_length([len(window.ids) for window in firsts], _BATCH_TOKENS):
            states = self._classifier.states([firsts[i] for i in batch])
            for i, state in zip(batch, states, strict=True):
                window = firsts[i]
                mean = state[window.types.index(1) : len(window.ids)].mean(axis=0)
                rows[i] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return np.stack(rows)


def _labelled(issues: Sequence[Issue]) -> list[_Known]:
    return [
        _Known(issue.id, in_context(article, block.text), block.label)
        for issue in issues
        for article, block in issue.body()
        if block.label is not None and model_text(block.text)
    ]


def _same_article(known: Reading, asked: Reading) -> bool:
    return any(
        _bare(one) and _bare(one) == _bare(other)
        for one, other in ((known.headline, asked.headline), (known.lead, asked.lead))
    )


def _bare(text: str) -> str:
    """The words alone: a paragraph that lost its punctuation is still the same one."""
    return _NO_WORD.sub("", model_text(text))


def _save(path: Path, index: NDArray[np.float16]) -> None:
    """Keep the index; a cache that cannot be written costs time, not the answer."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = io.BytesIO()
        np.save(content, index, allow_pickle=False)
        write_atomically(path, content.getvalue())
    except OSError as problem:
        log.warning("index of labelled paragraphs not kept: %s", problem)

"""A training run as a frozen record read from strict TOML: every number of the run, its unit in its name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from banmian.data.labels import Register
from banmian.data.mentions import Kind
from banmian.data.strict import read_toml
from banmian.serving.inputs import InputShape

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_STRICT)
class Corpus:
    """One Parquet file of headline pairs and the register its headlines teach.

    ``repeat``: how often an epoch reads it; ``without``: a regular expression, and a pair whose title or
    opening matches it is left out (empty: none is).
    """

    file: str
    register: Register
    repeat: int = 1
    without: str = ""


@dataclass(frozen=True, config=_STRICT)
class HeadlinesConfig:
    """A run of the headline writer.

    ``written_repeat``: how often an epoch reads the headlines, kickers and decks of the shipped written
    issues, but for those that are scored on (:data:`banmian.data.holdout.HELD_OUT_ISSUES`); no corpus
    prints kickers and decks.
    """

    base: str
    output: str
    corpora_folder: str
    corpora: tuple[Corpus, ...]
    written_repeat: int
    seed: int
    decoder_layers: int
    dropout: float
    source_tokens: int
    target_tokens: int
    batch_source_tokens: int
    sort_within_pairs: int
    learning_rate: float
    warmup_steps: int
    weight_decay: float
    label_smoothing: float
    epochs: int
    budget_minutes: float
    checkpoint_minutes: float
    validation_share: float


@dataclass(frozen=True, config=_STRICT)
class ParagraphsConfig:
    """A run of the paragraph labeller.

    ``written_issues`` names the shipped written issues to learn from; empty means all but those that are
    scored on (:data:`banmian.data.holdout.HELD_OUT_ISSUES`). ``validation_issues`` and a share of the real
    paragraphs fit the temperature. ``real_labelled``, a Parquet file in ``corpora_folder``, may be empty:
    then only issues are trained on; ``real_labelled_for`` says whether it is learnt or calibrates only.
    ``real_issue``: whether the train split of the real issue is trained on; the cross-issue score needs a
    run without. ``learnt_share``: of the shipped issues and of the real articles those that are learnt; a
    larger share has all of a smaller one. ``taught_paragraphs``: how many unlabelled paragraphs of
    ``taught_corpora`` are learnt with the opinion of ``teacher``, a labeller's bundle, and of TF-IDF
    (:mod:`banmian.training.teacher`).
    """

    base: str
    output: str
    corpora_folder: str
    real_labelled: str
    real_labelled_for: Literal["learning", "calibration"]
    real_issue: bool
    written_issues: tuple[str, ...]
    validation_issues: tuple[str, ...]
    learnt_share: float
    teacher: str
    taught_corpora: tuple[str, ...]
    taught_paragraphs: int
    seed: int
    input: InputShape
    context_dropout: float
    doubtful_weight: float
    batch_tokens: int
    sort_within_paragraphs: int
    learning_rate: float
    warmup_steps: int
    weight_decay: float
    label_smoothing: float
    epochs: int
    budget_minutes: float
    checkpoint_minutes: float


@dataclass(frozen=True, config=_STRICT)
class ReaderConfig:
    """A run of the page reader: which written issues and layouts it learns from, and how.

    It learns from written issues ``first_issue`` to ``last_issue`` but for those that are scored on
    (:data:`banmian.data.holdout.HELD_OUT_ISSUES`), each development layout printing one in ``every``, and
    from ``varied_pages`` more. ``validation_issues`` in layouts of ``validation_widths`` cells are left out
    and scored when validating. ``dropped_signs`` is the share of signs hidden in learning. A sign of a piece
    seen less than ``least_seen`` times has no weight, nor has a sign of a break that stands at fewer than
    ``least_lines`` lines of different words. A second run learns up to ``second_last_issue``, a layout
    printing one in ``second_every``; the tagger is the mean of both.
    """

    first_issue: int
    last_issue: int
    second_last_issue: int
    second_every: int
    validation_issues: tuple[str, ...]
    validation_widths: tuple[int, ...]
    every: int
    varied_pages: int
    seed: int
    epochs: int
    batch_pages: int
    learning_rate: float
    weight_decay: float
    dropped_signs: float
    least_seen: int
    least_lines: int


@dataclass(frozen=True, config=_STRICT)
class SupportCorpus:
    """One Parquet file of headline pairs and how many of them are drawn."""

    file: str
    pairs: int


@dataclass(frozen=True, config=_STRICT)
class SupportConfig:
    """A fit of the support check's alignment.

    ``refused_share``: by kind the share of printed headlines' facts that the limit may refuse;
    ``longest_characters``: an article is cut there.
    """

    corpora_folder: str
    corpora: tuple[SupportCorpus, ...]
    seed: int
    folds: int
    ridge: float
    longest_characters: int
    refused_share: dict[Kind, float]


@dataclass(frozen=True)
class ColumnsConfig:
    """A fit of what makes a column go on with an article.

    Each development layout and ``drawn_layouts`` others print one issue in ``every`` from ``first_issue`` to
    ``last_issue``; a sign seen fewer than ``least_seen`` times has no weight.
    """

    first_issue: int
    last_issue: int
    every: int
    drawn_layouts: int
    seed: int
    ridge: float
    least_seen: int


def paragraphs_config(path: Path) -> ParagraphsConfig:
    """Read a labeller's run; unknown keys and wrong types are a BanmianError naming the file."""
    return read_toml(ParagraphsConfig, path)


def headlines_config(path: Path) -> HeadlinesConfig:
    """Read a writer's run; unknown keys and wrong types are a BanmianError naming the file."""
    return read_toml(HeadlinesConfig, path)


def reader_config(path: Path) -> ReaderConfig:
    """Read a run of the page reader; unknown keys and wrong types are a BanmianError naming the file."""
    return read_toml(ReaderConfig, path)


def support_config(path: Path) -> SupportConfig:
    """Read a fit of the support check; unknown keys and wrong types are a BanmianError naming the file."""
    return read_toml(SupportConfig, path)


def columns_config(path: Path) -> ColumnsConfig:
    """Read a fit of the columns; unknown keys and wrong types are a BanmianError naming the file."""
    return read_toml(ColumnsConfig, path)

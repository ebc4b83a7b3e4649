"""Fine-tune the headline writer: a BART grown from a BERT, on pairs of article and headline."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, DatasetDict, load_dataset, load_from_disk
from torch.nn.functional import cross_entropy
from transformers import BartForConditionalGeneration, Seq2SeqTrainer, Seq2SeqTrainingArguments

from banmian.data.errors import BanmianError
from banmian.data.finish import without_label
from banmian.data.holdout import HELD_OUT_ISSUES, fraction
from banmian.data.labels import DEFAULT_REGISTER, PARTS, Part, Register
from banmian.data.shipped import written_issues
from banmian.serving.desk import article_text
from banmian.serving.tokens import Tokens
from banmian.training.base import prepared, writer
from banmian.training.budget import BudgetedLinear
from banmian.training.clocked import (
    Clocked,
    Pace,
    arguments,
    checkpoint_to_resume,
    pad,
    save_final,
)
from banmian.training.config import Corpus, HeadlinesConfig

log = logging.getLogger(__name__)

IGNORED = -100  # label positions that padding fills; cross_entropy skips them


@dataclass(frozen=True)
class TrainedWriter:
    """The folder of the final weights (float32, ``save_pretrained`` layout) and what they cost."""

    weights: Path
    pairs_seen: int
    minutes: float


def train_headlines(config: HeadlinesConfig, resume: bool = False) -> TrainedWriter:
    """Train the writer.

    Args:
        config: the run.
        resume: go on from the last checkpoint in ``config.output``; optimizer, schedule, time spent and
            the place in the data come back with it.

    Raises:
        BanmianError: no such base, corpus or checkpoint.
    """
    output = Path(config.output)
    checkpoint = checkpoint_to_resume(output, resume)
    base = prepared(config.base, output / "base")
    tokens = Tokens(base)
    training, validation = pairs(config, tokens)
    model = writer(base, config.decoder_layers, config.dropout)
    # The CPU's flash attention spends 18% of a step in its backward pass; the plain form 25 pairs/s for 22.
    model.set_attn_implementation("eager")
    trainer = _trainer(config, model, tokens, training, validation)
    trainer.train(resume_from_checkpoint=checkpoint)
    final = save_final(model, base, output)
    trainer.evaluate()  # logs the validation loss
    trainer.save_state()
    schedule: BudgetedLinear = trainer.lr_scheduler.lr_lambdas[0]
    seen = round(trainer.state.epoch * len(training))
    return TrainedWriter(final, seen, schedule.spent_s / 60)


def pairs(config: HeadlinesConfig, tokens: Tokens) -> tuple[Dataset, Dataset]:
    """Encoded training and validation pairs: columns ``input_ids`` and ``labels``, lists of token ids.

    Validation is a share of the training corpora, whole days (or whole undated articles) at a time, so
    that two reports of one event never stand on both sides. Encoding 150,000 pairs takes over a minute, so
    they are kept under ``config.output`` for the run that goes on after a kill.
    """
    kept = Path(config.output) / "pairs" / _fingerprint(config, tokens)
    if not kept.is_dir():
        training, validation = _encode(config, tokens)
        DatasetDict({"train": training, "validation": validation}).save_to_disk(str(kept))
    sides = load_from_disk(str(kept))
    return sides["train"], sides["validation"]


def _fingerprint(config: HeadlinesConfig, tokens: Tokens) -> str:
    """What the encoded pairs depend on: corpora, written issues, lengths, share and vocabulary."""
    files = [Path(config.corpora_folder) / corpus.file for corpus in config.corpora]
    sizes = [file.stat().st_size if file.is_file() else 0 for file in files]
    lengths = (config.source_tokens, config.target_tokens, config.validation_share)
    parts = (config.corpora, sizes, config.written_repeat, lengths, sorted(tokens.vocabulary.items()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _encode(config: HeadlinesConfig, tokens: Tokens) -> tuple[Dataset, Dataset]:
    kept: dict[str, list[dict[str, list[int]]]] = {"train": [], "validation": []}
    for corpus in config.corpora:
        rows = _rows(corpus, config)
        for row in rows:
            key = str(row["date"] or row["title"])
            held = fraction(key) < config.validation_share
            pair = _pair(config, tokens, row["body"], row["title"], corpus.register)
            kept["validation" if held else "train"] += [pair] * (1 if held else corpus.repeat)
        log.info("%s: %d pairs, register %s", corpus.file, len(rows), corpus.register)
    kept["train"] += _written_pairs(config, tokens) * config.written_repeat
    return Dataset.from_list(kept["train"]), Dataset.from_list(kept["validation"])


def _pair(
    config: HeadlinesConfig, tokens: Tokens, body: str, title: str, register: Register, part: Part = "main"
) -> dict[str, list[int]]:
    source = tokens.source(body, register, config.source_tokens, part)
    return {"input_ids": source.ids, "labels": tokens.target(title, source, config.target_tokens)}


def _written_pairs(config: HeadlinesConfig, tokens: Tokens) -> list[dict[str, list[int]]]:
    """Kicker, main and deck of every article of the written issues that are not scored on."""
    articles = [a for issue in written_issues() if issue.id not in HELD_OUT_ISSUES for a in issue.articles]
    return [
        _pair(config, tokens, body, " ".join(printed), DEFAULT_REGISTER, part)
        for article in articles
        for part in PARTS
        if (printed := getattr(article.headline, part)) and (body := article_text(article))
    ]


def _rows(corpus: Corpus, config: HeadlinesConfig) -> list[dict[str, Any]]:
    path = Path(config.corpora_folder) / corpus.file
    if not path.is_file():
        raise BanmianError(
            "a Parquet file with title, body, date", "none", str(path), "Give its folder with --corpora."
        )
    rows = load_dataset("parquet", data_files=str(path), split="train")
    unwanted = re.compile(corpus.without or "(?!)")
    seen: set[tuple[str, str]] = set()
    kept = []
    for row in rows:
        body = (row["body"] or "").strip()
        title = without_label((row["title"] or "").strip(), body)
        # A headline shorter than four characters or longer than 45 is a section name or a summary.
        if not (4 <= len(title) <= 45 and len(body) >= 15) or (title, body[:60]) in seen:
            continue
        if unwanted.search(title) or unwanted.search(body[:100]):
            continue
        seen.add((title, body[:60]))
        # Only the opening is read; the rest would be tokenized for nothing.
        kept.append({"title": title, "body": body[: config.source_tokens * 3], "date": row["date"]})
    return kept


class _WriterTrainer(Clocked, Seq2SeqTrainer):
    """Seq2SeqTrainer with label smoothing over the whole vocabulary in training only."""

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        labels = inputs["labels"]  # [pairs, target]
        outputs = model(**{k: v for k, v in inputs.items() if k != "labels"}, use_cache=False)
        smoothing = self.smoothing(model)
        loss = cross_entropy(
            outputs.logits.flatten(0, 1),
            labels.flatten(),
            ignore_index=IGNORED,
            label_smoothing=smoothing,
        )
        return (loss, outputs) if return_outputs else loss


def _trainer(
    config: HeadlinesConfig,
    model: BartForConditionalGeneration,
    tokens: Tokens,
    training: Dataset,
    validation: Dataset,
) -> _WriterTrainer:
    log.info("%d training pairs, %d validation pairs", len(training), len(validation))
    pace = Pace(
        batch_tokens=config.batch_source_tokens,
        sort_within=config.sort_within_pairs,
        seed=config.seed,
        warmup_steps=config.warmup_steps,
        budget_minutes=config.budget_minutes,
        checkpoint_minutes=config.checkpoint_minutes,
        label_smoothing=config.label_smoothing,
        training_lengths=[len(ids) for ids in training["input_ids"]],
        validation_lengths=[len(ids) for ids in validation["input_ids"]],
    )
    shared = arguments(config.output, config.seed, config.epochs, config.learning_rate, config.weight_decay)
    return _WriterTrainer(
        model=model,
        args=Seq2SeqTrainingArguments(**shared, prediction_loss_only=True),
        data_collator=lambda rows: _collate(rows, tokens),
        train_dataset=training,
        eval_dataset=validation,
        pace=pace,
    )


def _collate(rows: list[dict[str, list[int]]], tokens: Tokens) -> dict[str, torch.Tensor]:
    """Padded: input_ids, attention_mask [pairs, source]; decoder_input_ids, labels [pairs, target]."""
    sources, targets = [row["input_ids"] for row in rows], [row["labels"] for row in rows]
    inputs = pad(sources, tokens.pad)
    labels = pad(targets, IGNORED)
    # The decoder sees [CLS] and then the target moved by one.
    decoder = pad([[tokens.start, *target[:-1]] for target in targets], tokens.pad)
    return {
        "input_ids": inputs,
        "attention_mask": (inputs != tokens.pad).long(),
        "decoder_input_ids": decoder,
        "labels": labels,
    }

"""Fine-tune the headline writer: a BART grown from a BERT, on (article, headline) pairs of several registers."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, load_dataset
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader
from transformers import BartForConditionalGeneration, Seq2SeqTrainer, Seq2SeqTrainingArguments
from transformers.trainer_utils import get_last_checkpoint

from banmian.data.errors import BanmianError
from banmian.serving import processor
from banmian.serving.tokens import Tokens
from banmian.training.base import is_prepared, prepare, writer
from banmian.training.batches import TokenBatches
from banmian.training.budget import BudgetedLinear, Clock
from banmian.training.config import Corpus, HeadlinesConfig

log = logging.getLogger(__name__)

IGNORED = -100  # label positions that padding fills; cross_entropy skips them


def train_headlines(config: HeadlinesConfig, resume: bool = False) -> Path:
    """Train the writer and return the folder of its final weights (float32, ``save_pretrained`` layout).

    Args:
        config: the run.
        resume: go on from the last checkpoint in ``config.output``; optimizer, schedule, time spent and
            the place in the data come back with it.

    Raises:
        BanmianError: no such base, corpus or checkpoint.
    """
    output = Path(config.output)
    checkpoint = get_last_checkpoint(str(output)) if output.is_dir() else None
    if resume and checkpoint is None:
        raise BanmianError("a checkpoint", "none", str(output), "Start without --resume.")
    base = config.base if is_prepared(config.base) else str(prepare(config.base, output / "base"))
    tokens = Tokens(Path(base))
    training, validation = pairs(config, tokens)
    model = writer(base, config.decoder_layers, config.dropout)
    # The CPU's flash attention spends 18% of a step in its backward pass; the plain form 25 pairs/s for 22.
    model.set_attn_implementation("eager")
    trainer = _trainer(config, model, tokens, training, validation)
    trainer.train(resume_from_checkpoint=checkpoint if resume else None)
    final = output / "final"
    model.save_pretrained(final)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        (final / name).write_bytes((Path(base) / name).read_bytes())
    trainer.log({"validation_loss": trainer.evaluate()["eval_loss"]})
    trainer.save_state()
    return final


def pairs(config: HeadlinesConfig, tokens: Tokens) -> tuple[Dataset, Dataset]:
    """Encoded training and validation pairs: columns ``input_ids`` and ``labels``, lists of token ids.

    Validation is a share of the training corpora, whole days (or whole undated articles) at a time, so
    that two reports of one event never stand on both sides.
    """
    kept: dict[str, list[dict[str, list[int]]]] = {"train": [], "validation": []}
    for corpus in config.corpora:
        rows = _rows(corpus, config)
        for row in rows:
            key = str(row["date"] or row["title"])
            held = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 16**8 < config.validation_share
            source = tokens.source(row["body"], corpus.register, config.source_tokens)
            labels = tokens.target(row["title"], source, config.target_tokens)
            pair = {"input_ids": source.ids, "labels": labels}
            kept["validation" if held else "train"] += [pair] * (1 if held else corpus.repeat)
        log.info("%s: %d pairs, register %s", corpus.file, len(rows), corpus.register)
    return Dataset.from_list(kept["train"]), Dataset.from_list(kept["validation"])


def _rows(corpus: Corpus, config: HeadlinesConfig) -> list[dict[str, Any]]:
    path = Path(config.corpora_folder) / corpus.file
    if not path.is_file():
        raise BanmianError("a Parquet file with title, body, date", "none", str(path), "Set corpora_folder.")
    rows = load_dataset("parquet", data_files=str(path), split="train")
    unwanted = re.compile(corpus.without or "(?!)")
    seen: set[tuple[str, str]] = set()
    kept = []
    for row in rows:
        title, body = (row["title"] or "").strip(), (row["body"] or "").strip()
        # A headline shorter than four characters or longer than 45 is a section name or a summary.
        if not (4 <= len(title) <= 45 and len(body) >= 15) or (title, body[:60]) in seen:
            continue
        if unwanted.search(title) or unwanted.search(body[:100]):
            continue
        seen.add((title, body[:60]))
        # Only the opening is read; the rest would be tokenized for nothing.
        kept.append({"title": title, "body": body[: config.source_tokens * 3], "date": row["date"]})
    return kept


class _WriterTrainer(Seq2SeqTrainer):
    """Seq2SeqTrainer with batches by token budget and a schedule by the clock."""

    def __init__(self, *args: Any, config: HeadlinesConfig, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.config = config

    def _loader(self, rows: Dataset, seed: int) -> DataLoader[Any]:
        lengths = [len(ids) for ids in rows["input_ids"]]
        sampler = TokenBatches(lengths, self.config.batch_source_tokens, self.config.sort_within_pairs, seed)
        return DataLoader(rows, batch_sampler=sampler, collate_fn=self.data_collator)

    def get_train_dataloader(self) -> DataLoader[Any]:
        return self._loader(self.train_dataset, self.config.seed)

    def get_eval_dataloader(self, eval_dataset: Any = None) -> DataLoader[Any]:
        return self._loader(self.eval_dataset, 0)

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> LambdaLR:
        schedule = BudgetedLinear(self.config.warmup_steps, num_training_steps, self.config.budget_minutes)
        self.add_callback(Clock(schedule, self.config.checkpoint_minutes))
        self.lr_scheduler = LambdaLR(optimizer or self.optimizer, schedule)
        return self.lr_scheduler

    def compute_loss(
        self, model: Any, inputs: dict[str, torch.Tensor], return_outputs: bool = False, **_: Any
    ) -> Any:
        labels = inputs["labels"]  # [pairs, target]
        outputs = model(**{k: v for k, v in inputs.items() if k != "labels"}, use_cache=False)
        smoothing = self.config.label_smoothing if model.training else 0.0
        loss = cross_entropy(
            outputs.logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED, label_smoothing=smoothing
        )
        return (loss, outputs) if return_outputs else loss


def _trainer(
    config: HeadlinesConfig,
    model: BartForConditionalGeneration,
    tokens: Tokens,
    training: Dataset,
    validation: Dataset,
) -> _WriterTrainer:
    bf16 = torch.cuda.is_available() or processor.has_bf16()
    log.info(
        "%d training pairs, %d validation pairs, %s, %s",
        len(training),
        len(validation),
        "bf16" if bf16 else "fp32",
        processor.name(),
    )
    arguments = Seq2SeqTrainingArguments(
        output_dir=config.output,
        seed=config.seed,
        num_train_epochs=config.epochs,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        optim="adamw_torch_fused",
        bf16=bf16,
        use_cpu=not torch.cuda.is_available(),
        logging_steps=50,
        save_strategy="no",  # Clock asks for checkpoints by the minute
        save_total_limit=2,
        prediction_loss_only=True,
        remove_unused_columns=False,
        report_to=[],
        disable_tqdm=True,
    )

    def collate(rows: list[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
        return _collate(rows, tokens)

    return _WriterTrainer(
        model=model,
        args=arguments,
        data_collator=collate,
        train_dataset=training,
        eval_dataset=validation,
        config=config,
    )


def _collate(rows: list[dict[str, list[int]]], tokens: Tokens) -> dict[str, torch.Tensor]:
    """Padded tensors: input_ids and attention_mask [pairs, source], decoder_input_ids and labels [pairs, target]."""
    sources, targets = [row["input_ids"] for row in rows], [row["labels"] for row in rows]
    inputs = _pad(sources, tokens.pad)
    labels = _pad(targets, IGNORED)
    # The decoder sees [CLS] and then the target moved by one.
    decoder = _pad([[tokens.start, *target[:-1]] for target in targets], tokens.pad)
    return {
        "input_ids": inputs,
        "attention_mask": (inputs != tokens.pad).long(),
        "decoder_input_ids": decoder,
        "labels": labels,
    }


def _pad(rows: list[list[int]], fill: int) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])


def with_base(config: HeadlinesConfig, base: str | None) -> HeadlinesConfig:
    """The run on another base, if one is given."""
    return replace(config, base=base) if base else config

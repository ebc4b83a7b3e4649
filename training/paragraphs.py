"""Fine-tune the paragraph labeller: a BERT over (headline and lead, paragraph), with and without context."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import Dataset
from transformers import Trainer, TrainingArguments

from banmian.data.labels import LABELS
from banmian.serving.inputs import InputShape, Reading, Window, windows
from banmian.serving.tokens import Tokens
from banmian.training.base import labeller, prepared
from banmian.training.clocked import Clocked, Pace, arguments, checkpoint_to_resume, pad, save_final
from banmian.training.config import ParagraphsConfig
from banmian.training.labelled import Example, Examples

Row = dict[str, Any]


def train_paragraphs(config: ParagraphsConfig, examples: Examples, resume: bool = False) -> Path:
    """Train the labeller and return the folder of its final weights (float32, ``save_pretrained`` layout).

    Args:
        config: the run.
        examples: what to learn from; nothing that is reported on may be in it.
        resume: go on from the last checkpoint in ``config.output``.

    Raises:
        BanmianError: no such base or checkpoint.
    """
    output = Path(config.output)
    checkpoint = checkpoint_to_resume(output, resume)
    base = prepared(config.base, output / "base")
    torch.manual_seed(config.seed)  # the classifier's head starts from it
    tokens = Tokens(base)
    training = Paragraphs(examples.training, tokens, config.input, config.context_dropout, config.seed)
    validation = Paragraphs(examples.validation, tokens, config.input, 0.0, 0)
    model = labeller(base)
    # Measured: embeddings that move fit names of the training issues and cost a fifth of a step.
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    trainer = _LabellerTrainer(
        model=model,
        args=TrainingArguments(
            **arguments(config.output, config.seed, config.epochs, config.learning_rate, config.weight_decay)
        ),
        data_collator=lambda rows: collate(rows, tokens),
        train_dataset=training,
        eval_dataset=validation,
        pace=_pace(config, training, validation),
    )
    trainer.train(resume_from_checkpoint=checkpoint)
    final = save_final(model, base, output)
    trainer.save_state()
    return final


class Paragraphs(Dataset[Row]):
    """One row a window, read anew each time so that context comes and goes.

    With probability ``context_dropout`` a row is read without headline and lead: people also paste single
    paragraphs. Rows' lengths are those with context.
    """

    def __init__(
        self, examples: list[Example], tokens: Tokens, shape: InputShape, context_dropout: float, seed: int
    ) -> None:
        self.context_dropout = context_dropout
        self._random = random.Random(seed)
        self._rows: list[tuple[Example, Window, Window]] = []
        for example in examples:
            bare = windows(tokens, Reading(example.reading.text), shape)
            for i, window in enumerate(windows(tokens, example.reading, shape)):
                self._rows.append((example, window, bare[min(i, len(bare) - 1)]))
        self.lengths = [len(window.ids) for _, window, _ in self._rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Row:
        example, in_context, bare = self._rows[index]
        window = bare if self._random.random() < self.context_dropout else in_context
        return {
            "ids": window.ids,
            "types": window.types,
            "label": example.label,
            "weight": example.weight,
            "target": example.target,
        }


class _LabellerTrainer(Clocked, Trainer):
    """Trainer whose loss weighs doubtful labels less."""

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        """Mean cross-entropy weighted by row; ``logits`` and ``targets`` are [rows, labels].

        What a teacher said is not smoothed: it is not certain as it is.
        """
        weights, targets, labels = inputs.pop("weights"), inputs.pop("targets"), inputs["labels"]
        outputs = model(**{k: v for k, v in inputs.items() if k != "labels"})
        logits = outputs.logits.float()
        losses = cross_entropy(logits, labels, reduction="none", label_smoothing=self.smoothing(model))
        taught = targets.sum(dim=1) > 0
        losses = torch.where(taught, cross_entropy(logits, targets, reduction="none"), losses)
        loss = (losses * weights).sum() / weights.sum()
        return (loss, outputs) if return_outputs else loss


def collate(rows: list[Row], tokens: Tokens) -> dict[str, torch.Tensor]:
    """Padded tensors: input_ids, token_type_ids, attention_mask [rows, tokens]; labels, weights [rows].

    ``targets``, [rows, labels], are zeros where no teacher spoke.
    """
    ids = pad([row["ids"] for row in rows], tokens.pad)
    return {
        "input_ids": ids,
        "token_type_ids": pad([row["types"] for row in rows], 0),
        "attention_mask": (ids != tokens.pad).long(),
        "labels": torch.tensor([row["label"] for row in rows]),
        "weights": torch.tensor([row["weight"] for row in rows]),
        "targets": torch.tensor([row["target"] or (0.0,) * len(LABELS) for row in rows]),
    }


def _pace(config: ParagraphsConfig, training: Paragraphs, validation: Paragraphs) -> Pace:
    return Pace(
        batch_tokens=config.batch_tokens,
        sort_within=config.sort_within_paragraphs,
        seed=config.seed,
        warmup_steps=config.warmup_steps,
        budget_minutes=config.budget_minutes,
        checkpoint_minutes=config.checkpoint_minutes,
        label_smoothing=config.label_smoothing,
        training_lengths=training.lengths,
        validation_lengths=validation.lengths,
    )

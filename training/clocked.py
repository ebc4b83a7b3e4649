"""What both trainings share: a Trainer with batches by token budget and a learning rate by the clock."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader
from transformers import PreTrainedModel
from transformers.trainer_utils import get_last_checkpoint

from banmian.data.errors import BanmianError
from banmian.serving import processor
from banmian.serving.bundle import TOKENIZER_FILES
from banmian.training.batches import TokenBatches
from banmian.training.budget import BudgetedLinear, Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How batches are cut and how the learning rate moves; lengths are those of the model's inputs."""

    batch_tokens: int
    sort_within: int
    seed: int
    warmup_steps: int
    budget_minutes: float
    checkpoint_minutes: float
    label_smoothing: float
    training_lengths: list[int]
    validation_lengths: list[int]


class Clocked:
    """Mixed into a Trainer, in front of it; needs ``pace`` by keyword."""

    lr_scheduler: Any

    def __init__(self, *args: Any, pace: Pace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pace = pace

    def smoothing(self, model: torch.nn.Module) -> float:
        """Label smoothing of the loss: in training only, so that validation losses compare."""
        return self.pace.label_smoothing if model.training else 0.0

    def _loader(self, rows: Any, lengths: list[int], seed: int) -> DataLoader[Any]:
        batches = TokenBatches(lengths, self.pace.batch_tokens, self.pace.sort_within, seed)
        return DataLoader(rows, batch_sampler=batches, collate_fn=self.data_collator)  # type: ignore[attr-defined]

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Batches of the training rows; the seed and the epoch fix their order, so a resumed run goes on."""
        return self._loader(self.train_dataset, self.pace.training_lengths, self.pace.seed)  # type: ignore[attr-defined]

    def get_eval_dataloader(self, eval_dataset: Any = None) -> DataLoader[Any]:
        """Batches of the validation rows."""
        return self._loader(self.eval_dataset, self.pace.validation_lengths, 0)  # type: ignore[attr-defined]

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> LambdaLR:
        """A linear schedule by steps or by time, whichever ends first."""
        schedule = BudgetedLinear(self.pace.warmup_steps, num_training_steps, self.pace.budget_minutes)
        self.add_callback(Clock(schedule, self.pace.checkpoint_minutes))  # type: ignore[attr-defined]
        scheduler = LambdaLR(optimizer or self.optimizer, schedule)  # type: ignore[attr-defined]
        self.lr_scheduler = scheduler
        return scheduler


def arguments(
    output: str, seed: int, epochs: int, learning_rate: float, weight_decay: float
) -> dict[str, Any]:
    """TrainingArguments' keywords that both trainings set alike; bf16 where the processor has it."""
    cuda = torch.cuda.is_available()
    bf16 = cuda or processor.has_bf16()
    log.info("%s, %s", "bf16" if bf16 else "fp32", "cuda" if cuda else processor.name())
    return {
        "output_dir": output,
        "seed": seed,
        "num_train_epochs": epochs,
        "learning_rate": learning_rate,
        "weight_decay": weight_decay,
        "optim": "adamw_torch_fused",
        "bf16": bf16,
        "use_cpu": not cuda,
        "logging_steps": 20,
        "save_strategy": "no",  # Clock asks for checkpoints by the minute
        "save_total_limit": 2,
        "remove_unused_columns": False,
        "report_to": [],
        "disable_tqdm": True,
    }


def checkpoint_to_resume(output: Path, resume: bool) -> str | None:
    """The last checkpoint under ``output`` if the run shall go on from it.

    Raises:
        BanmianError: there is none.
    """
    if not resume:
        return None
    last = get_last_checkpoint(str(output)) if output.is_dir() else None  # type: ignore[no-untyped-call]
    if last is None:
        raise BanmianError("a checkpoint", "none", str(output), "Start without --resume.")
    return str(last)


def pad(rows: list[list[int]], fill: int) -> torch.Tensor:
    """Rows of different lengths as one ``[rows, longest]`` tensor."""
    width = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])


def save_final(model: PreTrainedModel, base: Path, output: Path) -> Path:
    """Save trained weights to ``output/final``, the base's tokenizer beside them byte for byte."""
    folder = output / "final"
    model.save_pretrained(folder)
    for name in TOKENIZER_FILES:
        (folder / name).write_bytes((base / name).read_bytes())
    return folder

"""Training against the clock: a learning rate that ends on time, and checkpoints by the minute.

On shared CPU cores a step takes anything between one and three seconds' worth of work, so a schedule in
steps either ends too early or is cut off before its learning rate has fallen. Here progress is the larger
of steps done and time spent.
"""

from __future__ import annotations

import time
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class BudgetedLinear:
    """A factor for ``LambdaLR``: rises over ``warmup_steps``, then falls to zero by steps or by time.

    ``LambdaLR.state_dict`` saves a callable object's ``__dict__``, so the time already spent comes back with
    a checkpoint. The plan lies in slots and does not: a resumed run follows the budget it is given.
    """

    __slots__ = ("__dict__", "budget_s", "total_steps", "warmup_steps")

    def __init__(self, warmup_steps: int, total_steps: int, budget_minutes: float) -> None:
        self.warmup_steps, self.total_steps = warmup_steps, total_steps
        self.budget_s = budget_minutes * 60
        self.spent_s = 0.0

    def __call__(self, step: int) -> float:
        """The factor in [0, 1] at ``step``."""
        if step < self.warmup_steps:
            return (step + 1) / self.warmup_steps
        by_steps = (step - self.warmup_steps) / max(1, self.total_steps - self.warmup_steps)
        return max(0.0, 1.0 - max(by_steps, self.spent_s / self.budget_s))


class Clock(TrainerCallback):
    """Feeds the time spent to the schedule, asks for a checkpoint every so often, stops at the budget."""

    def __init__(self, schedule: BudgetedLinear, checkpoint_minutes: float) -> None:
        self.schedule, self.every_s = schedule, checkpoint_minutes * 60
        self._last_tick = self._last_save = 0.0

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Start counting: time between runs is not time spent."""
        self._last_tick = self._last_save = time.monotonic()

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Count the step's time."""
        now = time.monotonic()
        self.schedule.spent_s += now - self._last_tick
        self._last_tick = now
        if self.schedule.spent_s >= self.schedule.budget_s:
            control.should_training_stop = control.should_save = True
        elif now - self._last_save >= self.every_s:
            control.should_save = True
            self._last_save = now
        return control

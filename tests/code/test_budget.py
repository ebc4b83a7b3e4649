import pytest

from banmian.training.budget import BudgetedLinear


def test_rises_over_the_warmup_and_falls_by_steps() -> None:
    schedule = BudgetedLinear(warmup_steps=4, total_steps=14, budget_minutes=1)
    assert [schedule(s) for s in (0, 3, 4, 9, 14)] == pytest.approx([0.25, 1.0, 1.0, 0.5, 0.0])


def test_falls_by_the_clock_where_time_runs_out_first() -> None:
    schedule = BudgetedLinear(warmup_steps=0, total_steps=1000, budget_minutes=1)
    schedule.spent_s = 45
    assert schedule(1) == pytest.approx(0.25)
    schedule.spent_s = 90
    assert schedule(2) == 0.0


def test_time_spent_comes_back_with_the_scheduler_of_a_checkpoint() -> None:
    torch = pytest.importorskip("torch")

    def scheduler(spent_s: float) -> object:
        schedule = BudgetedLinear(0, 1000, 1)
        schedule.spent_s = spent_s
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        return torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)

    resumed = scheduler(0)
    resumed.load_state_dict(scheduler(30).state_dict())
    assert resumed.lr_lambdas[0].spent_s == 30

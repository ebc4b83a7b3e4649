import threading
import time
from pathlib import Path

import pytest

from banmian.data.errors import BanmianError
from banmian.serving.bundle import Bundle, write_bundle
from banmian.serving.engine import Engine, EngineSettings
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller
from banmian.serving.scheduler import BatchRun, BusyError, ClosedError, DeadlineError, Limits, Scheduler
from banmian.serving.store import ModelStore
from banmian.serving.writer import Request


def _doubler(gate: threading.Event, batches: list[list[int]]):
    def run(items: list[int]) -> list[int]:
        gate.wait(5)
        batches.append(items)
        return [2 * item for item in items]

    return run


@pytest.fixture
def gate():
    """Holds the model back until it is set."""
    event = threading.Event()
    yield event
    event.set()


def _held(gate: threading.Event, limits: Limits, batches: list[list[int]]) -> Scheduler[int, int]:
    """A scheduler whose thread is busy with one item, 0, until the gate opens."""
    scheduler: Scheduler[int, int] = Scheduler("test", _doubler(gate, batches), lambda item: item, limits)
    scheduler.submit([0])
    while scheduler.waiting:
        time.sleep(0.001)
    time.sleep(0.01)
    return scheduler


def test_results_come_in_the_callers_order(gate: threading.Event):
    gate.set()
    scheduler: Scheduler[int, int] = Scheduler("test", _doubler(gate, []), lambda item: item, Limits())
    assert scheduler.submit([3, 1, 2]).result(5) == [6, 2, 4]
    assert scheduler.submit([]).result(5) == []
    scheduler.close()


def test_callers_share_batches_and_take_turns(gate: threading.Event):
    batches: list[list[int]] = []
    scheduler = _held(gate, Limits(batch_tokens=40), batches)
    long, short = scheduler.submit([10] * 8), scheduler.submit([7])
    gate.set()
    assert short.result(5) == [14]
    assert long.result(5) == [20] * 8
    assert batches[1][:2] == [10, 7]  # the single item does not wait for the eight
    assert all(sum(batch) <= 50 for batch in batches)
    scheduler.close()


def test_a_full_queue_is_busy_and_recovers(gate: threading.Event):
    scheduler = _held(gate, Limits(max_waiting=4), [])
    first = scheduler.submit([1, 2, 3])
    with pytest.raises(BusyError) as caught:
        scheduler.submit([4, 5])
    assert (
        str(caught.value) == "expected at most 4 inputs waiting, found 3 already waiting. Try again in 1 s."
    )
    assert caught.value.retry_after_s > 0
    assert scheduler.waiting == 3
    gate.set()
    assert first.result(5) == [2, 4, 6]
    assert scheduler.submit([4] * 9).result(5) == [8] * 9  # larger than the queue, and the queue is empty
    scheduler.close()


def test_a_late_job_is_dropped_unrun(gate: threading.Event):
    batches: list[list[int]] = []
    scheduler = _held(gate, Limits(), batches)
    late, patient = scheduler.submit([1], deadline_s=0.02), scheduler.submit([2])
    time.sleep(0.05)
    gate.set()
    with pytest.raises(
        DeadlineError, match=r"^expected an answer within 0\.02 s, found a queue that is slower\."
    ):
        late.result(5)
    assert patient.result(5) == [4]
    assert [1] not in batches
    assert scheduler.waiting == 0
    scheduler.close()


def test_a_cancelled_job_is_not_run(gate: threading.Event):
    batches: list[list[int]] = []
    scheduler = _held(gate, Limits(), batches)
    gone = scheduler.submit([1])
    assert gone.cancel()
    gate.set()
    assert scheduler.submit([2]).result(5) == [4]
    assert all(1 not in batch for batch in batches)
    scheduler.close()


def test_one_bad_item_harms_no_other_caller(gate: threading.Event):
    def run(items: list[int]) -> list[int]:
        gate.wait(5)
        if 13 in items:
            raise ValueError("13")
        return items

    scheduler: Scheduler[int, int] = Scheduler("test", run, lambda item: 1, Limits())
    scheduler.submit([0])
    good, bad = scheduler.submit([1, 2]), scheduler.submit([3, 13])
    gate.set()
    assert good.result(5) == [1, 2]
    with pytest.raises(ValueError, match="13"):
        bad.result(5)
    assert scheduler.submit([4]).result(5) == [4]  # the thread lives on
    scheduler.close()


def test_close_finishes_what_is_queued_and_takes_nothing_new(gate: threading.Event):
    scheduler = _held(gate, Limits(), [])
    jobs = [scheduler.submit([i]) for i in range(5)]
    closing = threading.Thread(target=scheduler.close)
    closing.start()
    time.sleep(0.01)
    with pytest.raises(ClosedError, match=r"^expected an engine that is open, found one that is closing"):
        scheduler.submit([9])
    gate.set()
    closing.join(5)
    assert [job.result(0) for job in jobs] == [[2 * i] for i in range(5)]


@pytest.fixture(scope="module")
def engine(tiny_labeller: Bundle, tiny_writer: Bundle):
    with Engine(tiny_labeller, tiny_writer, EngineSettings(threads=1)) as engine:
        engine.warm()
        yield engine


TEXTS = [f"市委第{i}次会议强调复工复产。" * (1 + i % 5) for i in range(40)]


def test_many_callers_get_what_one_caller_gets(engine: Engine, tiny_labeller: Bundle):
    expected = {text: Labeller(tiny_labeller, threads=1).predict([Reading(text)])[0] for text in TEXTS}
    wrong: list[str] = []

    def call(part: list[str]) -> None:
        for text, found in zip(part, engine.classify([Reading(text) for text in part]), strict=True):
            if (
                found.label != expected[text].label
                or abs(found.confidence - expected[text].confidence) > 1e-3
            ):
                wrong.append(text)

    callers = [threading.Thread(target=call, args=(TEXTS[i::8],)) for i in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert wrong == []


def test_writing_through_the_engine(engine: Engine):
    made = engine.write([Request(text) for text in TEXTS[:5]])
    assert len(made) == 5
    assert all(written.headline for written in made)
    assert engine.models() == {"labeller": "1", "writer": "1"}
    assert engine.waiting() == {"labeller": 0, "writer": 0}


def test_wrong_input_is_refused_before_the_queue(engine: Engine):
    with pytest.raises(BanmianError) as caught:
        engine.classify([Reading("会议"), Reading("\u200b ")])
    assert str(caught.value) == "paragraphs[1]: expected a paragraph with text, found none. Leave it out."
    with pytest.raises(BanmianError, match=r"^texts\[0\]: expected text to write a headline for, found none"):
        engine.write([Request("")])


def test_a_deadline_of_the_engine(engine: Engine):
    with pytest.raises(DeadlineError):
        engine.classify([Reading(text) for text in TEXTS * 5], deadline_s=1e-6)
    assert engine.classify([Reading(TEXTS[0])])[0].label


def test_batches_are_observed(tiny_labeller: Bundle, tiny_writer: Bundle):
    runs: list[BatchRun] = []
    with Engine(tiny_labeller, tiny_writer, EngineSettings(threads=1), observe=runs.append) as engine:
        engine.classify([Reading(text) for text in TEXTS[:3]])
        engine.write([Request(TEXTS[0])])
    assert [(run.model, run.items) for run in runs] == [("labeller", 3), ("writer", 1)]
    assert all(run.tokens > 0 and run.ran_s > 0 and run.waited_s >= 0 for run in runs)


def test_reload_serves_what_was_published(tiny_labeller: Bundle, store: ModelStore, tmp_path: Path):
    with Engine.load(store, settings=EngineSettings(threads=1)) as engine:
        assert engine.models() == {"labeller": "1", "writer": "1"}
        manifest = tiny_labeller.manifest.model_copy(update={"version": "2", "abstain_below": 1.0})
        store.publish(write_bundle(tiny_labeller.folder, tmp_path / "new", manifest, "# New\n"))
        assert engine.reload() == {"labeller": "2", "writer": "1"}
        assert engine.classify([Reading(TEXTS[0])])[0].abstained
        (store.published("labeller").folder / "vocab.txt").write_text("spoilt")
        with pytest.raises(BanmianError, match=r"vocab\.txt"):
            engine.reload()
        assert engine.models()["labeller"] == "2"
        assert engine.classify([Reading(TEXTS[0])])[0].abstained  # the loaded one goes on
        store.rollback("labeller")
        assert engine.reload()["labeller"] == "1"

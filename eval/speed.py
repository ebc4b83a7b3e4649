"""How fast the models answer on this machine, beside transformers with the same weights: `banmian bench`."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from banmian.data.errors import BanmianError
from banmian.data.page import read_page
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue, written_issues
from banmian.eval.ceiling import ceilings, done_flops, needed_flops
from banmian.eval.figures import Rival, Speed, Throughput
from banmian.eval.pipelines import Generating, LabellingPipeline
from banmian.eval.rounds import Rounds
from banmian.eval.server_process import ServerProcess
from banmian.serving import onnx_backend, processor
from banmian.serving.client import Client
from banmian.serving.desk import Desk, article_text
from banmian.serving.desk import reading as in_context
from banmian.serving.engine import Engine, EngineSettings
from banmian.serving.inputs import Reading, windows
from banmian.serving.labeller import Labeller
from banmian.serving.store import ModelStore
from banmian.serving.writer import Request

_PIPELINE_BATCHES = (1, 8, 16)
_GENERATE_BATCHES = (1, 8)
_OURS = "banmian"


@dataclass(frozen=True)
class Plan:
    """How much is timed; the defaults are what is reported.

    ``threads`` are those of every contestant and of the ceilings; ``home`` holds the published models.
    """

    rounds: int = 5
    paragraphs: int = 128
    headlines: int = 24
    references: bool = True
    server: bool = True
    backend: str = "auto"
    threads: int = field(default_factory=processor.cores)
    seed: int = 0
    home: Path | None = None

    def check(self) -> None:
        """A BanmianError if a number is less than 1."""
        for name in ("rounds", "paragraphs", "headlines", "threads"):
            if getattr(self, name) < 1:
                raise BanmianError("at least 1", str(getattr(self, name)), f"--{name}", "Leave it out.")


def measure(plan: Plan) -> Speed:
    """Time the published models; what the machine does besides is spread over all contestants alike.

    Raises:
        MissingExtraError: the references are wanted and torch or transformers is not installed.
    """
    store = ModelStore(plan.home)
    # The server first: its memory is its own, but pages that this process has read would help it to start.
    ready_s, memory_mb = _server(plan.home) if plan.server else (None, None)
    with Engine.load(store, settings=EngineSettings(plan.backend, plan.threads)) as engine:
        engine.warm()
        return Speed(
            processor=processor.name(),
            models=engine.models(),
            threads=plan.threads,
            rounds=plan.rounds,
            ready_s=ready_s,
            memory_mb=memory_mb,
            **_labelling(engine, plan),
            headlines=_headlines(engine, plan),
            **_latencies(engine, plan.rounds),
        )


def _labelling(engine: Engine, plan: Plan) -> dict[str, Any]:
    """Labels of mixed lengths in the order of arrival, against the pipeline and the other backends."""
    bundle = engine.bundles()["labeller"]
    ours = Labeller(bundle, plan.backend, plan.threads)
    readings = _mixed(ours, plan)
    lengths = [len(windows(ours.tokens, each, ours.shape)[0].ids) for each in readings]
    works: dict[str, Callable[[], object]] = {_OURS: lambda: engine.classify(readings)}
    for backend in _others(ours):
        other = Labeller(bundle, backend, plan.threads)
        works[f"banmian on {backend}"] = partial(other.predict, readings)
    disagreements = None
    if plan.references:
        pipeline = LabellingPipeline(bundle, plan.threads)
        pairs = pipeline.pairs(readings)
        for size in _PIPELINE_BATCHES:
            works[f"transformers pipeline, batch_size={size}"] = partial(pipeline.label, pairs, size)
        first = [made.label for made in ours.read(readings)]
        disagreements = sum(a != b for a, b in zip(first, pipeline.label(pairs, 1), strict=True))
    rounds = Rounds(works, plan.rounds)
    top = ceilings(plan.threads)
    seconds, peak = rounds.median(_OURS), 1e9 * top[-1].gflops
    config = bundle.config()
    done = (done_flops if ours.network.name.startswith("onnx") else needed_flops)(config, lengths)
    return {
        "labeller_backend": ours.network.name,
        "ceilings": top,
        "labels": _throughput(rounds, works, len(readings), sum(lengths), disagreements),
        "tokens_per_second": sum(lengths) / seconds,
        "ceiling_share": needed_flops(config, lengths) / seconds / peak,
        "ceiling_share_done": done / seconds / peak,
    }


def _headlines(engine: Engine, plan: Plan) -> Throughput:
    """Checked headlines, all submitted at once, against unchecked ones of `generate`."""
    bundle = engine.bundles()["writer"]
    requests = [Request(text) for text in _articles(plan)]
    works: dict[str, Callable[[], object]] = {_OURS: lambda: engine.write(requests)}
    if plan.references:
        generating = Generating(bundle, plan.threads)
        for size in _GENERATE_BATCHES:
            name = "generate one by one" if size == 1 else f"generate, batches of {size}"
            works[name] = partial(generating.write, requests, size)
    rounds = Rounds(works, plan.rounds)
    tokens = sum(written.read or 0 for written in engine.write(requests))
    return _throughput(rounds, works, len(requests), tokens, None)


def _latencies(engine: Engine, rounds: int) -> dict[str, Any]:
    """The page, a paragraph and a headline, as single callers meet them."""
    desk = Desk(engine)
    page = (issues_folder() / REAL_ISSUE / "page.txt").read_text(encoding="utf-8")
    done = desk.analyze_text(page)
    texts = [text for text in map(article_text, done.articles) if text]
    eight = [Request(texts[i % len(texts)]) for i in range(8)]
    body = [in_context(article, block.text) for article, block in done.body()]
    paragraphs = (body * 8)[:8]
    timed = Rounds(
        {
            "reading": lambda: read_page(page),
            "page": lambda: desk.analyze_text(page),
            "paragraphs": lambda: [engine.classify([each]) for each in paragraphs],
            "eight paragraphs": lambda: engine.classify(paragraphs),
            "headlines": lambda: [engine.write([each]) for each in eight],
            "eight headlines": lambda: engine.write(eight),
        },
        rounds,
    )
    return {
        "page_paragraphs": len(body),
        "page_articles": len(done.articles),
        "reading_ms": 1000 * timed.median("reading"),
        "page_ms": 1000 * timed.median("page"),
        "paragraph_ms": 1000 * timed.median("paragraphs") / 8,
        "paragraph_of_eight_ms": 1000 * timed.median("eight paragraphs") / 8,
        "headline_ms": 1000 * timed.median("headlines") / 8,
        "headline_of_eight_ms": 1000 * timed.median("eight headlines") / 8,
    }


def _server(home: Path | None) -> tuple[float, float]:
    """Seconds to ready of a second start (the first converts the models) and its peak memory in MB."""
    page = (issues_folder() / REAL_ISSUE / "page.txt").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        place = home or Path(folder)
        with ServerProcess(place):
            pass
        with ServerProcess(place) as server:
            Client(server.url).analyze(page)
            return server.ready_s, server.memory_mb(peak=True)


def _mixed(labeller: Labeller, plan: Plan) -> list[Reading]:
    """Paragraphs of real and written issues in random order, each of one window: a pipeline has but one."""
    issues = [shipped_issue(REAL_ISSUE), *written_issues()]
    found = [in_context(article, block.text) for issue in issues for article, block in issue.body()]
    random.Random(plan.seed).shuffle(found)
    fit = (each for each in found if len(windows(labeller.tokens, each, labeller.shape)) == 1)
    return [each for each, _ in zip(fit, range(plan.paragraphs), strict=False)]


def _articles(plan: Plan) -> list[str]:
    """The real page's articles, then those of written issues in random order."""
    written = [article_text(article) for issue in written_issues() for article in issue.articles]
    random.Random(plan.seed).shuffle(written)
    texts = [article_text(article) for article in shipped_issue(REAL_ISSUE).articles] + written
    return [text for text in texts if text][: plan.headlines]


def _others(ours: Labeller) -> list[str]:
    """The installed fast backends that ``ours`` does not run on."""
    installed = ["ctranslate2", *(["onnx"] if onnx_backend.installed() else [])]
    return [backend for backend in installed if not ours.network.name.startswith(backend)]


def _throughput(
    rounds: Rounds, works: Iterable[str], items: int, tokens: int, disagreements: int | None
) -> Throughput:
    rivals = tuple(
        Rival(name=name, per_second=items / rounds.median(name), times_as_long=rounds.times(_OURS, name))
        for name in works
        if name != _OURS
    )
    return Throughput(
        items=items,
        tokens=tokens,
        per_second=items / rounds.median(_OURS),
        rivals=rivals,
        disagreements=disagreements,
    )

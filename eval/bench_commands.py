"""`banmian bench`: the verb."""

from __future__ import annotations

import argparse
from pathlib import Path

from banmian.data.command import Verb
from banmian.serving.backends import BACKENDS


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=5, help="of each comparison (default 5)")
    parser.add_argument("--paragraphs", type=int, default=128, help="to label in a round (default 128)")
    parser.add_argument("--headlines", type=int, default=24, help="to write in a round (default 24)")
    parser.add_argument("--backend", choices=BACKENDS, default="auto", help="of the models timed (auto)")
    parser.add_argument("--threads", type=int, metavar="N", help="of every contestant (every core)")
    parser.add_argument("--no-references", action="store_true", help="leave out transformers' pipelines")
    parser.add_argument("--no-server", action="store_true", help="start no server to time its start")
    parser.add_argument("--seed", type=int, default=0, help="of the paragraphs and articles (default 0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--markdown", action="store_true", help="print the tables in Markdown")


def _run(chosen: argparse.Namespace) -> int:
    """Time the published models on this machine, beside transformers with the same weights."""
    from banmian.eval.speed import Plan, measure

    plan = Plan(
        **({} if chosen.threads is None else {"threads": chosen.threads}),
        rounds=chosen.rounds,
        paragraphs=chosen.paragraphs,
        headlines=chosen.headlines,
        references=not chosen.no_references,
        server=not chosen.no_server,
        backend=chosen.backend,
        seed=chosen.seed,
    )
    plan.check()
    speed = measure(plan)
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(speed.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for table in speed.tables():
        print((table.markdown() if chosen.markdown else table.plain()) + "\n")
    return 0


BENCH = Verb("time the models on this machine, beside transformers", _arguments, _run)

"""`banmian bench`: how fast, and whether every backend says the same."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from banmian.data.command import Verb
from banmian.serving.backends import BACKENDS

if TYPE_CHECKING:
    from banmian.data.issue import Record
    from banmian.eval.table import Table


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        choices=("speed", "parity"),
        default="speed",
        help="speed (default), or parity: every backend's labels and headlines against torch in float32",
    )
    parser.add_argument("--rounds", type=int, default=5, help="of each comparison (default 5)")
    parser.add_argument("--paragraphs", type=int, help="to label in a round (128; parity 1000)")
    parser.add_argument("--headlines", type=int, default=24, help="to write in a round (default 24)")
    parser.add_argument("--backend", choices=BACKENDS, default="auto", help="of the models timed (auto)")
    parser.add_argument("--threads", type=int, metavar="N", help="of every contestant (every core)")
    parser.add_argument("--no-references", action="store_true", help="leave out transformers' pipelines")
    parser.add_argument("--no-server", action="store_true", help="start no server to time its start")
    parser.add_argument("--seed", type=int, default=0, help="of the paragraphs and articles (default 0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--markdown", action="store_true", help="print the tables in Markdown")


def _run(chosen: argparse.Namespace) -> int:
    """Print tables of what was measured; with parity, 1 if a backend's labels differ too often."""
    return _parity(chosen) if chosen.what == "parity" else _speed(chosen)


def _speed(chosen: argparse.Namespace) -> int:
    from banmian.eval.speed import Plan, measure

    plan = Plan(
        **({} if chosen.threads is None else {"threads": chosen.threads}),
        rounds=chosen.rounds,
        paragraphs=_given(chosen.paragraphs, 128),
        headlines=chosen.headlines,
        references=not chosen.no_references,
        server=not chosen.no_server,
        backend=chosen.backend,
        seed=chosen.seed,
    )
    plan.check()
    speed = measure(plan)
    _tell(chosen, speed.tables(), speed)
    return 0


def _parity(chosen: argparse.Namespace) -> int:
    from banmian.eval.parity import BOUND, Parity, headline_agreement, label_agreement, pages_to_compare
    from banmian.serving.store import ModelStore

    store = ModelStore()
    readings, requests = pages_to_compare(_given(chosen.paragraphs, 1000))
    found = Parity(
        labels=label_agreement(store.published("labeller"), readings, chosen.threads),
        headlines=headline_agreement(store.published("writer"), requests, chosen.threads),
    )
    _tell(chosen, found.tables(), found)
    return int(any(each.share > BOUND for each in found.labels))


def _given(value: int | None, default: int) -> int:
    return default if value is None else value


def _tell(chosen: argparse.Namespace, tables: tuple[Table, ...], record: Record) -> None:
    from banmian.eval.printing import print_tables, save_record

    save_record(record, chosen.json)
    print_tables(tables, chosen.markdown)


BENCH = Verb("time the models on this machine, beside transformers", _arguments, _run)

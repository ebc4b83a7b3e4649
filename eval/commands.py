"""`banmian eval`: the labeller and the writer beside baselines measured in the same run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from banmian.data.command import Verb
from banmian.data.errors import BanmianError
from banmian.eval.bench_commands import BENCH

if TYPE_CHECKING:
    from banmian.eval.report import Trial
    from banmian.eval.robustness import Robustness
    from banmian.eval.score import LabellerScore
    from banmian.eval.written import WriterScore
    from banmian.serving.bundle import Bundle, Kind


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("reading", "labeller", "robustness", "writer", "support", "all"))
    parser.add_argument(
        "--bundle",
        type=Path,
        action="append",
        default=[],
        metavar="FOLDER",
        help="a bundle in place of the published one of its kind (may be given for each kind)",
    )
    parser.add_argument(
        "--cross-bundle",
        type=Path,
        metavar="FOLDER",
        help="a labeller trained without the real issue, to be scored on all of it",
    )
    parser.add_argument(
        "--real-labelled",
        type=Path,
        metavar="PARQUET",
        help="real labelled paragraphs: a tenth of the articles is scored on, the rest teaches the baselines",
    )
    parser.add_argument(
        "--dev", type=Path, metavar="PARQUET", help="headline pairs by sub-corpus: title, body, date, corpus"
    )
    parser.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="at most N pairs a sub-corpus, drawn by the seed; of `reading`, at most N printed issues",
    )
    parser.add_argument(
        "--from",
        dest="source",
        choices=("text", "pdf", "scan"),
        default="text",
        help="of `reading`: from raw text, PDF pages in columns, or pictures of these at 150 dpi (text)",
    )
    parser.add_argument(
        "--layouts",
        choices=("held out", "development"),
        default="held out",
        help="of `reading --from pdf|scan`: which layouts; rules are made on the development ones only",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every score there too")
    parser.add_argument("--markdown", action="store_true", help="print the tables in Markdown")
    parser.add_argument(
        "--list",
        action="store_true",
        help="of `support`: every miss and false alarm of the open half; of `reading`: the mistakes on "
        "development pages by kind, and the worst of these pages",
    )
    parser.add_argument("--seed", type=int, default=0, help="of samples and intervals (default 0)")


def _run(chosen: argparse.Namespace) -> int:
    """Score, write the JSON if it is asked for, print the tables and what was left out."""
    from banmian.eval.intervals import RESAMPLES
    from banmian.eval.layout import tables
    from banmian.eval.printing import print_tables, save_record
    from banmian.eval.report import Report
    from banmian.eval.support import hold, listed, score_support
    from banmian.eval.support_cases import load_cases

    if chosen.limit is not None and chosen.limit < 1:
        raise BanmianError("a limit of at least 1", str(chosen.limit), "--limit", "Leave it out for all.")
    if chosen.list and chosen.what not in ("reading", "support", "all"):
        raise BanmianError("`reading`, `support` or `all`", repr(chosen.what), "--list", "Leave --list out.")
    if chosen.source != "text" and chosen.what != "reading":
        raise BanmianError("`reading`", repr(chosen.what), "--from", "Leave --from out.")
    bundles = _given(chosen)
    notes: list[str] = []
    labeller = _labeller(chosen, bundles, notes) if chosen.what in ("labeller", "all") else []
    writer = _writer(chosen, bundles, notes) if chosen.what in ("writer", "all") else []
    robustness = _robustness(chosen, bundles) if chosen.what in ("robustness", "all") else []
    findings = hold(load_cases()) if chosen.what in ("support", "all") else []
    support = score_support(findings, chosen.seed) if findings else None
    report = Report(
        seed=chosen.seed,
        resamples=RESAMPLES,
        labeller=tuple(labeller),
        writer=tuple(writer),
        robustness=tuple(robustness),
        support=support,
        notes=tuple(notes),
    )
    save_record(report, chosen.json)
    if chosen.what in ("reading", "all"):
        _reading(chosen)
    print_tables(tables(report), chosen.markdown)
    if chosen.list and findings:
        print("\n".join(listed(findings)))
    for note in notes:
        print(f"Left out: {note}")
    return 0


def _reading(chosen: argparse.Namespace) -> None:
    """Read rendered pages back, and print the scores and the worst cases."""
    from banmian.eval.printing import print_tables

    if chosen.source == "text":
        from banmian.data.bench import bench_table, real_page_told
        from banmian.eval.mistakes import listed_mistakes

        print(f"Reading: {real_page_told()}\n\n{bench_table()}")
        if chosen.list:
            print(listed_mistakes())
        return
    from banmian.eval.pages import bench_pages, worst_told

    found, made = bench_pages(chosen.source, chosen.layouts, chosen.limit)
    print_tables(made, chosen.markdown)
    print("\n".join(["Read worst:", *worst_told(found)]) + "\n")


def _given(chosen: argparse.Namespace) -> dict[Kind, Bundle]:
    """The bundles named with ``--bundle``, by kind."""
    from banmian.serving.bundle import load_bundle

    bundles: dict[Kind, Bundle] = {}
    for folder in chosen.bundle:
        bundle = load_bundle(folder)
        kind = bundle.manifest.kind
        if kind in bundles:
            raise BanmianError(f"one {kind} bundle", "two", "--bundle", "Score them one by one.")
        bundles[kind] = bundle
    used = {"all": {"labeller", "writer"}, "robustness": {"labeller"}}.get(chosen.what, {chosen.what})
    unused = bundles.keys() - used
    if unused:
        raise BanmianError(
            f"a {chosen.what} bundle", f"a {unused.pop()} bundle", "--bundle", "Or score `all`."
        )
    return bundles


def _bundle(bundles: dict[Kind, Bundle], kind: Kind) -> Bundle:
    from banmian.serving.store import ModelStore

    return bundles.get(kind) or ModelStore().published(kind)


def _labeller(
    chosen: argparse.Namespace, bundles: dict[Kind, Bundle], notes: list[str]
) -> list[LabellerScore]:
    from banmian.eval.report import score_trial

    return [score for trial in _trials(chosen, bundles, notes) for score in score_trial(trial, chosen.seed)]


def _robustness(chosen: argparse.Namespace, bundles: dict[Kind, Bundle]) -> list[Robustness]:
    """What perturbations cost the labeller on the written issues held out and the real issue's test split."""
    from banmian.eval import sets
    from banmian.eval.robustness import score_robustness
    from banmian.serving.labeller import Labeller

    bundle = _bundle(bundles, "labeller")
    model, (_, test) = Labeller(bundle), sets.real_split()
    return [
        found
        for paragraphs in (sets.held_out_written(), test)
        for found in score_robustness(model, _name(bundle), paragraphs, chosen.seed)
    ]


def _trials(chosen: argparse.Namespace, bundles: dict[Kind, Bundle], notes: list[str]) -> list[Trial]:
    """What the published labeller is scored on, and what one that never saw the real issue is."""
    from banmian.eval import sets
    from banmian.eval.paragraphs import from_parquet
    from banmian.eval.report import Trial
    from banmian.serving.bundle import load_bundle
    from banmian.serving.labeller import Labeller

    learn = sets.written_to_learn()
    train, test = sets.real_split()
    scored = [test, sets.held_out_written()]
    if chosen.real_labelled:
        real_learn, held = from_parquet(chosen.real_labelled)
        learn += real_learn
        scored += sets.real_held_out(held)
    else:
        notes.append("real paragraphs held out (give --real-labelled)")
    bundle = _bundle(bundles, "labeller")
    trials = [Trial(((_name(bundle), Labeller(bundle)),), tuple(scored), learn + train)]
    if chosen.cross_bundle:
        cross = load_bundle(chosen.cross_bundle)
        trials.append(
            Trial(((f"{_name(cross)}, cross-issue", Labeller(cross)),), (sets.real_whole(),), learn)
        )
    else:
        notes.append("the whole real issue (give --cross-bundle, trained without it)")
    return trials


def _writer(chosen: argparse.Namespace, bundles: dict[Kind, Bundle], notes: list[str]) -> list[WriterScore]:
    from banmian.data.shipped import REAL_ISSUE, shipped_issue
    from banmian.eval.headlines import from_issue, from_parquet
    from banmian.eval.report import score_pairs
    from banmian.serving.writer import Writer

    bundle = _bundle(bundles, "writer")
    real = shipped_issue(REAL_ISSUE)
    sets = [from_issue(real), from_issue(real, whole=True)]
    if chosen.dev:
        sets += from_parquet(chosen.dev)
    else:
        notes.append("headlines by sub-corpus (give --dev)")
    if chosen.limit:
        sets = [pairs.sample(chosen.limit, chosen.seed) for pairs in sets]
    return score_pairs(Writer(bundle), _name(bundle), sets, chosen.seed)


def _name(bundle: Bundle) -> str:
    return f"{bundle.manifest.name} {bundle.manifest.version}"


def _soak_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rate", type=float, default=50, help="paragraphs a second, open loop (50)")
    parser.add_argument("--seconds", type=float, default=60, help="for how long (60)")
    parser.add_argument("--requests", type=int, default=20_000, help="of the mixed soak (20000)")
    parser.add_argument("--callers", type=int, default=16, help="of the mixed soak, at once (16)")
    parser.add_argument("--connections", type=int, default=1_000, help="open at once (1000)")
    parser.add_argument("--half-sent", type=int, default=200, help="clients that stop mid-body (200)")
    parser.add_argument("--seed", type=int, default=0, help="of the traffic (default 0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--markdown", action="store_true", help="print the tables in Markdown")


def _soak(chosen: argparse.Namespace) -> int:
    """Start a server, load it, break it, and print what came of it; 1 if a request failed or was lost."""
    from banmian.eval.printing import print_tables, save_record
    from banmian.eval.soak import Plan, soak

    names = ("rate", "seconds", "requests", "callers", "connections", "half_sent", "seed")
    plan = Plan(**{name: getattr(chosen, name) for name in names})
    plan.check()
    done = soak(plan)
    save_record(done, chosen.json)
    print_tables(done.tables(), chosen.markdown)
    for failure in done.failures():
        print(f"Failed: {failure}")
    return 0 if not done.failures() else 1


VERBS = {
    "eval": Verb("score the models beside baselines, with intervals", _arguments, _run),
    "bench": BENCH,
    "soak": Verb("put a server of its own under load and faults", _soak_arguments, _soak),
}

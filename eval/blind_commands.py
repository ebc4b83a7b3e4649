"""`banmian blind`: draw a blind reading of headlines, and score the sheet when it is filled in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from banmian.data.command import Verb
from banmian.data.errors import BanmianError

if TYPE_CHECKING:
    from banmian.eval.headlines import PairSet


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("sheet", "score"))
    parser.add_argument("--sheet", type=Path, required=True, metavar="CSV", help="the sheet (docs/rubric.md)")
    parser.add_argument("--key", type=Path, required=True, metavar="JSON", help="whose each headline is")
    drawn = parser.add_argument_group("sheet")
    drawn.add_argument("--pairs", type=Path, metavar="PARQUET", help="articles: title, body, date, corpus")
    drawn.add_argument(
        "--issue", type=Path, metavar="JSON", help="in the place of --pairs: the articles of an issue"
    )
    drawn.add_argument("--n", type=int, help="articles to draw (100; all of an issue)")
    drawn.add_argument("--seed", type=int, default=0, help="of the draw, the order and the intervals")
    drawn.add_argument("--bundle", type=Path, metavar="FOLDER", help="a writer in place of the published one")
    drawn.add_argument(
        "--bodies",
        type=Path,
        metavar="X.local.html",
        help="write the articles there too, for the reader's eyes only",
    )
    scored = parser.add_argument_group("score")
    scored.add_argument("--json", type=Path, metavar="FILE", help="write the means there too")
    scored.add_argument("--markdown", action="store_true", help="print the table in Markdown")
    scored.add_argument(
        "--publish", type=Path, metavar="CSV", help="write the ratings unblinded, without the articles' text"
    )


def _run(chosen: argparse.Namespace) -> int:
    return _sheet(chosen) if chosen.what == "sheet" else _score(chosen)


def _sheet(chosen: argparse.Namespace) -> int:
    """Draw articles, let the writer write, and save sheet, key and bodies."""
    from banmian.eval.blind import draw, save
    from banmian.serving.bundle import load_bundle
    from banmian.serving.store import ModelStore
    from banmian.serving.writer import Writer

    sets = _pair_sets(chosen)
    articles = sum(len(pairs.pairs) for pairs in sets)
    count = chosen.n if chosen.n is not None else articles if chosen.issue else 100
    bundle = load_bundle(chosen.bundle) if chosen.bundle else ModelStore().published("writer")
    model = f"{bundle.manifest.name} {bundle.manifest.version}"
    reading = draw(sets, count, chosen.seed, Writer(bundle), model)
    save(reading, chosen.sheet, chosen.key, chosen.bodies)
    print(f"{len(reading.pairs)} articles, {len(reading.entries)} headlines: fill in {chosen.sheet}.")
    return 0


def _pair_sets(chosen: argparse.Namespace) -> list[PairSet]:
    """The articles to draw from, by sub-corpus or of one issue."""
    from banmian.data.issue import load_issue
    from banmian.eval.headlines import from_issue, from_parquet

    if bool(chosen.pairs) == bool(chosen.issue):
        raise BanmianError(
            "either a Parquet file of articles or an issue",
            "both" if chosen.pairs else "neither",
            "--pairs and --issue",
            "Columns of the file: title, body, date, corpus.",
        )
    return [from_issue(load_issue(chosen.issue))] if chosen.issue else from_parquet(chosen.pairs)


def _score(chosen: argparse.Namespace) -> int:
    """Join the filled sheet with its key and print means by origin."""
    from banmian.eval.blind_score import published_csv, read_key, read_sheet, reading_table, score_reading
    from banmian.eval.printing import save_record, save_text

    rated, key = read_sheet(chosen.sheet), read_key(chosen.key)
    score = score_reading(rated, key, chosen.seed)
    save_record(score, chosen.json)
    if chosen.publish:
        save_text(published_csv(rated, key), chosen.publish)
    table = reading_table(score)
    print(table.markdown() if chosen.markdown else table.plain())
    return 0


VERBS = {"blind": Verb("read headlines blind: draw the sheet, score it filled in", _arguments, _run)}

"""`banmian label`: check an issue that a person has labelled; `banmian read`: a page as it was read."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from banmian.data.check import check_labelled
from banmian.data.command import Verb
from banmian.data.errors import BanmianError
from banmian.data.files import TEXT, decode, read_bytes, read_raw
from banmian.data.issue import load_issue
from banmian.data.labels import CHINESE, LABELS
from banmian.data.page import explain


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="check labelled issues: schema, labels, ids, page text")
    check.add_argument("issues", nargs="+", type=Path, help="issue.json files")


def _run(chosen: argparse.Namespace) -> int:
    """Check every issue; 0 if all are good, 2 if any is not (each with its reason)."""
    bad = 0
    for path in chosen.issues:
        try:
            issue = load_issue(path)
            warnings = check_labelled(issue, path)
        except BanmianError as problem:
            print(f"banmian label: {problem}", file=sys.stderr)
            bad += 1
            continue
        counts = Counter(block.label for _, block in issue.body())
        told = ", ".join(f"{label} {CHINESE[label]} {counts[label]}" for label in LABELS)
        print(f"{path}: {len(issue.articles)} articles, {sum(counts.values())} labelled paragraphs: {told}")
        for warning in warnings:
            print(f"{path}: warning: {warning}", file=sys.stderr)
    return 2 if bad else 0


def _read_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a page: txt, pdf, png or jpg; - is text on stdin")
    parser.add_argument("--why", action="store_true", help="for every line of a text, why it was read so")


def _read(chosen: argparse.Namespace) -> int:
    """Print the issue that the page was read into, without labels; or the evidence line by line."""
    path, name = chosen.file, str(chosen.file)
    if name == "-":
        raw, name = sys.stdin.buffer.read(), "stdin.txt"
    else:
        raw = read_raw(path)
    if not chosen.why:
        print(read_bytes(raw, name).to_json(), end="")
    elif Path(name).suffix.lower() in TEXT:
        print(explain(decode(raw, name)))
    else:
        raise BanmianError("a text file for --why", Path(name).suffix, name, "Leave --why out.")
    return 0


VERBS = {
    "label": Verb("check a labelled issue", _arguments, _run),
    "read": Verb("read a page into articles and paragraphs", _read_arguments, _read),
}

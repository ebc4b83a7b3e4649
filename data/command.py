"""The `banmian` command: each folder brings its own verbs, so no room has to import everything."""

from __future__ import annotations

import argparse
import importlib.metadata
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from banmian.data.errors import BanmianError

ENTRY_POINTS = "banmian.commands"
USAGE_ERROR = 2


@dataclass(frozen=True)
class Verb:
    """One subcommand: its line of help, its arguments, and what it does (returning the exit code)."""

    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def verbs() -> dict[str, Verb]:
    """Every installed verb by name."""
    found: dict[str, Verb] = {}
    for point in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda p: p.name):
        room: Mapping[str, Verb] = point.load()
        found.update(room)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. 0: done; 1: done, and the verdict is no; 2: bad input or usage, said on stderr."""
    parser = argparse.ArgumentParser(
        prog="banmian",
        description="Reads a Chinese newspaper page, labels its paragraphs and writes headlines.",
    )
    parser.add_argument("--verbose", action="store_true", help="log what is being done")
    choices = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    available = verbs()
    for name, verb in available.items():
        verb.arguments(choices.add_parser(name, help=verb.help, description=verb.help))
    chosen = parser.parse_args(arguments)
    level = logging.INFO if chosen.verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    try:
        return available[chosen.verb].run(chosen)
    except BanmianError as problem:
        print(f"banmian {chosen.verb}: {problem}", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return 130

"""`banmian analyze`, `headline`, `serve`, `models` and `keys`: what the models do, on a command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from banmian.data.command import Verb
from banmian.data.errors import BanmianError
from banmian.data.facts import unsupported
from banmian.data.files import read_bytes, read_file
from banmian.data.issue import Issue
from banmian.data.labels import DEFAULT_REGISTER, REGISTER_CHINESE, REGISTERS
from banmian.serving.bundle import KINDS, load_bundle
from banmian.serving.config import load_config
from banmian.serving.desk import Desk, article_text
from banmian.serving.engine import Engine
from banmian.serving.export import issue_text, issues_csv
from banmian.serving.keys import Keys
from banmian.serving.store import ModelStore
from banmian.serving.wording import in_language
from banmian.serving.writer import MAX_CANDIDATES, Request

BAD_INPUT = 2
NO = 1


def _register_argument(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(f"{name} {REGISTER_CHINESE[name]}" for name in REGISTERS)
    parser.add_argument("--register", choices=REGISTERS, default=DEFAULT_REGISTER, help=f"one of {names}")


def _read(file: str) -> Issue:
    """A file as an issue; ``-`` is text on standard input."""
    return read_bytes(sys.stdin.buffer.read(), "stdin.txt") if file == "-" else read_file(Path(file))


@contextmanager
def _desk() -> Iterator[Desk]:
    with Engine.load() as engine:
        yield Desk(engine)


def _analyze_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="txt, json, pdf, png or jpg; - is stdin")
    parser.add_argument("--format", choices=("json", "text", "csv"), default="json")
    _register_argument(parser)


def _analyze(chosen: argparse.Namespace) -> int:
    """Analyse every file; one that cannot be read is told on stderr and the others are still done.

    Each issue is printed as soon as it is done; several as JSON are one object after the other.
    """
    bad = done = 0
    with _desk() as desk:
        for file in tqdm(chosen.files, unit="page", disable=len(chosen.files) < 2):
            try:
                issue = desk.analyze(_read(file), chosen.register)
            except BanmianError as problem:
                told = problem if problem.where else f"{file}: {problem}"
                tqdm.write(f"banmian analyze: {told}", file=sys.stderr)
                bad += 1
                continue
            if chosen.format == "csv":
                table = issues_csv([issue])
                print(table.split("\n", 1)[1] if done else table, end="", flush=True)
            else:
                print(issue.to_json() if chosen.format == "json" else issue_text(issue), end="", flush=True)
            done += 1
    return BAD_INPUT if bad else 0


def _headline_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="an article or a page; - is stdin")
    _register_argument(parser)
    parser.add_argument("--max-chars", type=int, help="the longest headline to print, in characters")
    parser.add_argument("--min-chars", type=int, help="the shortest, where the model has such a one")
    parser.add_argument("--lines", type=int, choices=(1, 2), help="clauses, parted by a blank")
    parser.add_argument("--kicker", action="store_true", help="write the line above too")
    parser.add_argument("--deck", action="store_true", help="write the line below too")
    parser.add_argument(
        "--candidates", type=int, default=1, help=f"how many to print, up to {MAX_CANDIDATES}"
    )
    parser.add_argument("--check", metavar="HEADLINE", help="hold this headline against the article instead")
    parser.add_argument(
        "--language", choices=("zh", "en"), default="zh", help="of the reasons that --check gives"
    )


def _headline(chosen: argparse.Namespace) -> int:
    """Print a headline for every article, or say what the article does not support in a given one."""
    issue = _read(chosen.file)
    if chosen.check is not None:
        text = "\n".join(filter(None, (article_text(article) for article in issue.articles)))
        spans = unsupported(chosen.check, text, issue.date)
        for span in spans:
            reason = in_language(span.reason, chosen.language)
            print(f"{span.start}-{span.end} {span.text} ({span.kind}): {reason}")
        print("not supported" if spans else "supported", file=sys.stderr)
        return NO if spans else 0
    asked = [
        Request(
            text,
            register=chosen.register,
            max_chars=chosen.max_chars,
            candidates=chosen.candidates,
            date=issue.date,
            min_chars=chosen.min_chars,
            lines=chosen.lines,
            kicker=chosen.kicker,
            deck=chosen.deck,
        )
        for text in filter(None, map(article_text, issue.articles))
    ]
    with Engine.load() as engine:
        for made in engine.write(asked):
            print("\n".join(filter(None, (made.kicker, *made.candidates, made.deck))))
    return 0


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (7860; 0 takes a free one)")
    parser.add_argument("--config", type=Path, metavar="TOML", help="limits, see banmian.serving.config")
    parser.add_argument(
        "--require-keys", action="store_true", default=None, help="ask for API keys on 127.0.0.1 too"
    )
    parser.add_argument(
        "--open-to-network",
        action="store_true",
        default=None,
        help="let everyone who reaches the address use the server, without a key",
    )
    parser.add_argument(
        "--telemetry",
        action="store_true",
        default=None,
        help="send traces and metrics to the collector at $OTEL_EXPORTER_OTLP_ENDPOINT",
    )


def _serve(chosen: argparse.Namespace) -> int:
    """Serve page and REST until SIGTERM; the URL is printed when the models answer."""
    from banmian.serving.app import create_app
    from banmian.serving.logs import to_stderr
    from banmian.serving.server import serve

    config = load_config(chosen.config).with_changes(
        host=chosen.host,
        port=chosen.port,
        require_keys=chosen.require_keys,
        open_to_network=chosen.open_to_network,
        telemetry=chosen.telemetry,
    )
    app = create_app(config)
    to_stderr()

    def told(url: str, ready: bool) -> None:
        state = "ready" if ready else "running, but the models could not be loaded (see the log)"
        print(f"banmian is {state}: {url} (endpoints: {url}/docs)", flush=True)

    return serve(app, config, told)


def _models_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="every stored version, the served ones marked")
    publish = actions.add_parser("publish", help="serve a bundle from now on")
    publish.add_argument("folder", type=Path, help="the bundle's folder")
    rollback = actions.add_parser("rollback", help="serve what was served before")
    rollback.add_argument("kind", choices=KINDS)


def _models(chosen: argparse.Namespace) -> int:
    """List, publish or roll back; a running server notices by itself."""
    store = ModelStore()
    if chosen.action == "list":
        for kind in KINDS:
            for stored in store.versions(kind):
                manifest = stored.manifest
                scores = " ".join(f"{name}={value:.3f}" for name, value in manifest.scores.items())
                mark = "*" if stored.served else " "
                print(
                    f"{mark} {kind} {manifest.version} {manifest.created} {stored.origin} {scores}".rstrip()
                )
        return 0
    if chosen.action == "publish":
        bundle = store.publish(load_bundle(chosen.folder))
    else:
        bundle = store.rollback(chosen.kind)
    told = f"{bundle.manifest.kind} {bundle.manifest.version} is published"
    print(f"{told}; a running server takes it within seconds")
    return 0


def _keys_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="every key's name, date and rate")
    add = actions.add_parser("add", help="make a key and print it; it is not kept readable anywhere")
    add.add_argument("name", help="who holds it, for the log")
    add.add_argument("--per-minute", type=int, metavar="N", help="requests a minute it may send (no limit)")
    remove = actions.add_parser("remove", help="take a key back")
    remove.add_argument("name")


def _keys(chosen: argparse.Namespace) -> int:
    """List, make or take back API keys; a running server follows at once."""
    keys = Keys()
    if chosen.action == "add":
        print(keys.add(chosen.name, chosen.per_minute))
    elif chosen.action == "remove":
        keys.remove(chosen.name)
    else:
        for key in keys.all():
            rate = f"{key.per_minute} a minute" if key.per_minute else "no limit"
            print(f"{key.name} {key.created} {rate}")
    return 0


VERBS = {
    "analyze": Verb(
        "label every paragraph and write a headline for every article", _analyze_arguments, _analyze
    ),
    "headline": Verb("write a headline, or check one against its article", _headline_arguments, _headline),
    "serve": Verb("serve the page and the REST endpoints", _serve_arguments, _serve),
    "models": Verb("list, publish or roll back models", _models_arguments, _models),
    "keys": Verb("list, make or take back API keys for the server", _keys_arguments, _keys),
}

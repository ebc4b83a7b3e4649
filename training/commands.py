"""`banmian train` and `banmian retrain`. What needs torch is imported when it is run."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from banmian.data.command import Verb
from banmian.data.errors import BanmianError, MissingExtraError

_CONFIGS = Path(__file__).parent / "configs"


def _require_torch() -> None:
    for library in ("torch", "transformers", "datasets", "accelerate"):
        if importlib.util.find_spec(library) is None:
            raise MissingExtraError(library, "train", "training")


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("paragraphs", "headlines", "reader", "columns", "support", "curve"))
    parser.add_argument("--config", type=Path, help="the run as TOML (default: the shipped model's)")
    parser.add_argument("--base", help="a folder or hub id in the place of the run's base")
    parser.add_argument(
        "--output", help="a folder in the place of the run's output; of `support` the module to write"
    )
    parser.add_argument("--seed", type=int, help="in the place of the run's seed")
    parser.add_argument("--corpora", help="the folder of the Parquet files the run names")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--shares",
        type=float,
        nargs="+",
        metavar="SHARE",
        help="of `curve`: shares of the labelled issues and articles to train on (0.125 0.25 0.5 1)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="of `curve`: write the points there too")
    parser.add_argument(
        "--validate", action="store_true", help="of `reader`: leave a part out, score it, write nothing"
    )


def _train(chosen: argparse.Namespace) -> int:
    for option in ("shares", "json"):
        if chosen.what != "curve" and getattr(chosen, option):
            raise BanmianError("`curve`", repr(chosen.what), f"--{option}", f"Leave --{option} out.")
    if chosen.what == "support":
        return _train_support(chosen)
    if chosen.what == "columns":
        return _train_columns(chosen)
    _require_torch()
    path = chosen.config or _CONFIGS / f"{chosen.what}.toml"
    if chosen.what == "reader":
        return _train_reader(path, chosen)
    if chosen.validate:
        raise BanmianError("`reader`", repr(chosen.what), "--validate", "Leave --validate out.")
    changes: dict[str, Any] = {"base": chosen.base, "output": chosen.output, "corpora_folder": chosen.corpora}
    changes["seed"] = chosen.seed
    changes = {key: value for key, value in changes.items() if value is not None}
    if chosen.what == "curve":
        return _curve(path, changes, chosen)
    run = _train_paragraphs if chosen.what == "paragraphs" else _train_headlines
    folder = run(path, changes, chosen.resume)
    print(f"{folder}\nServe it with: banmian models publish {folder}")
    return 0


def _curve(path: Path, changes: dict[str, Any], chosen: argparse.Namespace) -> int:
    """Train on growing shares, and print what each is worth."""
    from banmian.eval.printing import print_tables
    from banmian.training.config import paragraphs_config
    from banmian.training.curve import curve_table, learning_curve

    if chosen.resume:
        raise BanmianError(
            "a run that can be resumed", "'curve'", "--resume", "Name the shares that are left."
        )
    config = replace(paragraphs_config(path), **changes)
    points = list(learning_curve(config, chosen.shares or (0.125, 0.25, 0.5, 1.0)))
    if chosen.json:
        listed = [point.model_dump(mode="json") for point in points]
        chosen.json.write_text(json.dumps(listed, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print_tables([curve_table(points)], markdown=False)
    return 0


def _train_reader(path: Path, chosen: argparse.Namespace) -> int:
    """Fit the page reader's weights in place, or score a run on its validation part."""
    import torch

    from banmian.training.config import reader_config
    from banmian.training.reader import train_reader, validate_reader

    unused = [name for name in ("base", "output", "corpora", "resume") if getattr(chosen, name)]
    if unused:
        raise BanmianError(
            "no such option with `reader`",
            "it",
            f"--{unused[0]}",
            "It learns from the shipped written issues and writes its weights into the package.",
        )
    config = reader_config(path)
    if chosen.seed is not None:
        config = replace(config, seed=chosen.seed)
    torch.set_num_threads(1)  # sums in one order: a run comes out the same on every machine of a kind
    if chosen.validate:
        found = validate_reader(config)
        print(
            f"validation part: paragraph F1 {found.paragraph_f1:.4f}, article F1 {found.article_f1:.4f}, "
            f"roles {found.roles:.4f}, {found.lost} characters lost"
        )
        return 0
    print("\n".join(str(written) for written in train_reader(config)))
    return 0


def _train_columns(chosen: argparse.Namespace) -> int:
    """Fit what makes a column go on with an article and write the weights into the package."""
    from banmian.training.columns import train_columns
    from banmian.training.config import columns_config

    unused = [name for name in ("base", "output", "corpora", "resume", "validate") if getattr(chosen, name)]
    if unused:
        raise BanmianError(
            "no such option with `columns`",
            "it",
            f"--{unused[0]}",
            "It learns from the shipped written issues and writes its weights into the package.",
        )
    config = columns_config(chosen.config or _CONFIGS / "columns.toml")
    if chosen.seed is not None:
        config = replace(config, seed=chosen.seed)
    print(train_columns(config))
    return 0


def _train_support(chosen: argparse.Namespace) -> int:
    """Fit the support check's alignment and write its weights in the place of the shipped ones."""
    from banmian.data import weighed
    from banmian.training.alignment import fit_support, written
    from banmian.training.config import support_config

    if chosen.base or chosen.resume:
        raise BanmianError("neither --base nor --resume for `support`", "one of them", "", "Leave it out.")
    if chosen.validate:
        raise BanmianError("`reader`", "'support'", "--validate", "Leave --validate out.")
    config = support_config(chosen.config or _CONFIGS / "support.toml")
    if chosen.seed is not None:
        config = replace(config, seed=chosen.seed)
    fitted = fit_support(replace(config, corpora_folder=chosen.corpora or config.corpora_folder))
    path = Path(chosen.output or str(weighed.__file__))
    path.write_text(written(fitted), encoding="utf-8")
    for one in fitted:
        print(
            f"{one.kind}: {one.facts} facts, limit {one.limit}; held back: {one.refused:.2%} refused, "
            f"{one.caught:.1%} of their swaps caught"
        )
    print(path)
    return 0


def _train_paragraphs(path: Path, changes: dict[str, Any], resume: bool) -> Path:
    from banmian.training.config import paragraphs_config
    from banmian.training.labelled import assemble
    from banmian.training.paragraphs import train_paragraphs
    from banmian.training.teacher import taught

    config = replace(paragraphs_config(path), **changes)
    examples = assemble(config)
    examples = replace(examples, training=examples.training + taught(config, examples.training))
    weights = train_paragraphs(config, examples, resume)
    return _labeller_bundle(weights, Path(config.output) / "bundle", config, examples)


def _labeller_bundle(weights: Path, folder: Path, config: Any, examples: Any) -> Path:
    from banmian.training.bundles import labeller_bundle
    from banmian.training.labelled import described

    return labeller_bundle(weights, folder, config, examples, described(config)).folder


def _train_headlines(path: Path, changes: dict[str, Any], resume: bool) -> Path:
    from banmian.training.bundles import writer_bundle
    from banmian.training.config import headlines_config
    from banmian.training.headlines import train_headlines

    config = replace(headlines_config(path), **changes)
    trained = train_headlines(config, resume)
    return writer_bundle(
        trained.weights, Path(config.output) / "bundle", config, trained.pairs_seen, trained.minutes
    ).folder


def _average_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", nargs="+", type=Path, help="what runs from the same base have written")
    parser.add_argument("--output", type=Path, required=True, help="the folder of the mean")
    parser.add_argument("--config", type=Path, help="the run as TOML: make a bundle as it would")
    parser.add_argument("--corpora", help="the folder of the Parquet files the run names")
    parser.add_argument("--pairs-seen", type=int, help="of a writer, for its card: pairs read in all")
    parser.add_argument("--minutes", type=float, help="of a writer, for its card: time spent in all")


def _average(chosen: argparse.Namespace) -> int:
    _require_torch()
    from banmian.training.average import average

    folder = average(chosen.folders, chosen.output)
    if chosen.config and chosen.pairs_seen is not None:
        from banmian.training.bundles import writer_bundle
        from banmian.training.config import headlines_config

        run = headlines_config(chosen.config)
        folder = writer_bundle(
            folder, folder / "bundle", run, chosen.pairs_seen, chosen.minutes or 0.0
        ).folder
    elif chosen.config:
        folder = _averaged_labeller(folder, chosen)
    print(folder)
    return 0


def _averaged_labeller(folder: Path, chosen: argparse.Namespace) -> Path:
    from banmian.training.config import paragraphs_config
    from banmian.training.labelled import assemble

    config = paragraphs_config(chosen.config)
    # What the first has learnt from stands in the mean's card too.
    config = replace(
        config, base=str(chosen.folders[0]), corpora_folder=chosen.corpora or config.corpora_folder
    )
    return _labeller_bundle(folder, folder / "bundle", config, assemble(config))


def _retrain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("issues", nargs="+", type=Path, help="labelled issue.json files to learn from")
    parser.add_argument("--config", type=Path, default=_CONFIGS / "retrain.toml", help="the run as TOML")
    parser.add_argument("--output", help="a folder in the place of the run's output")
    parser.add_argument("--json", type=Path, help="write the verdict and both scores there")


def _retrain(chosen: argparse.Namespace) -> int:
    """Retrain, score, decide: 0 if the new model is published, 1 if the old one stays."""
    _require_torch()
    from banmian.serving.store import ModelStore
    from banmian.training.config import paragraphs_config
    from banmian.training.retrain import retrain

    config = paragraphs_config(chosen.config)
    if chosen.output:
        config = replace(config, output=chosen.output)
    outcome = retrain(chosen.issues, config, ModelStore())
    if chosen.json:
        chosen.json.write_text(
            json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
    print(outcome.told())
    if not outcome.published:
        print("The published model stays.", file=sys.stderr)
    return 0 if outcome.published else 1


VERBS = {
    "train": Verb(
        "train the paragraph labeller, the headline writer or the page reader", _train_arguments, _train
    ),
    "average": Verb("the mean of the weights of several runs from one base", _average_arguments, _average),
    "retrain": Verb("learn from newly labelled issues; publish if no worse", _retrain_arguments, _retrain),
}

"""The loop: labelled issues → a new labeller → scored beside the published one → published if no worse."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from banmian.data.check import check_labelled
from banmian.data.errors import BanmianError
from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.issue import Issue, load_issue
from banmian.data.shipped import REAL_ISSUE
from banmian.eval.gate import GateRules, Verdict, compare_labellers
from banmian.eval.sets import frozen_set
from banmian.serving.bundle import Bundle
from banmian.serving.labeller import Labeller
from banmian.serving.store import ModelStore
from banmian.training.bundles import labeller_bundle
from banmian.training.config import ParagraphsConfig
from banmian.training.labelled import assemble, described
from banmian.training.paragraphs import train_paragraphs

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a retraining came to: the new bundle, the verdict, and whether it is served from now on."""

    bundle: Bundle
    parent: str
    verdict: Verdict

    @property
    def published(self) -> bool:
        """Whether the new bundle is the published one."""
        return self.verdict.publish

    def as_dict(self) -> dict[str, object]:
        """Versions, verdict and both sets of scores as plain values."""
        return {
            "version": self.bundle.manifest.version,
            "parent": self.parent,
            "folder": str(self.bundle.folder),
            "verdict": self.verdict.model_dump(mode="json"),
        }

    def told(self) -> str:
        """The verdict in words, a line for each frozen set."""
        lines = [f"new labeller {self.bundle.manifest.version}, published until now {self.parent}"]
        for new, old in zip(self.verdict.new, self.verdict.published, strict=True):
            context = "with" if new.context else "without"
            lines.append(
                f"  {new.paragraphs} ({new.n} paragraphs, {context} context): "
                f"macro-F1 {old.macro_f1.value:.3f} -> {new.macro_f1.value:.3f}"
            )
        decision = "published" if self.published else "not published"
        return "\n".join([*lines, f"{decision}: {'; '.join(self.verdict.reasons)}"])


def retrain(
    paths: Sequence[Path], config: ParagraphsConfig, store: ModelStore, rules: GateRules | None = None
) -> Outcome:
    """Learn from ``paths``, starting from the published labeller, and publish if the gate says so.

    The shipped issues are learnt again beside the new ones, so that the new ones do not push out what was
    known. Both bundles are scored on :func:`banmian.eval.sets.frozen_set` through the code that serves them.

    Args:
        paths: labelled ``issue.json`` files.
        config: the run; its base is the published bundle whatever it names.
        store: where the published bundle is and the new one goes.
        rules: what "no worse" means.

    Raises:
        BanmianError: an issue is not fit to learn from, or is one that the gate scores on.
    """
    issues = [_fit_to_learn(path, config) for path in paths]
    published = store.published("labeller")
    config = replace(config, base=str(published.folder), input=published.manifest.input or config.input)
    examples = assemble(config, issues)
    weights = train_paragraphs(config, examples)
    parent = published.manifest.version
    folder = Path(config.output) / "bundle"
    bundle = labeller_bundle(weights, folder, config, examples, described(config, issues))
    verdict = compare_labellers(Labeller(bundle), Labeller(published), [frozen_set()], rules or GateRules())
    if verdict.publish:
        store.publish(bundle)
    return Outcome(bundle, parent, verdict)


def _fit_to_learn(path: Path, config: ParagraphsConfig) -> Issue:
    issue = load_issue(path)
    for warning in check_labelled(issue, path):
        log.warning("%s: %s", path, warning)
    if issue.id in {*HELD_OUT_ISSUES, *config.validation_issues, REAL_ISSUE}:
        raise BanmianError(
            "an issue that nothing is scored on",
            f"{issue.id}, which the gate or the calibration uses",
            str(path),
            "Give it another id if it is another page; otherwise leave it out.",
        )
    return issue

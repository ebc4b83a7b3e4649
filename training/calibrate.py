"""Three numbers of the labeller that validation chooses, with the model as it is served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from banmian.eval.calibration import fit_temperature, risk_coverage
from banmian.serving.consistency import articles, consistent, log_probabilities
from banmian.serving.labeller import Labeller
from banmian.training.labelled import Example

#: Share of the validation paragraphs that must stay above the threshold of abstaining.
COVERAGE = 0.95
ARTICLE_WEIGHTS = (0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5)


@dataclass(frozen=True)
class Calibration:
    """``temperature`` of the log-probabilities, ``article_weight`` of the others' mean, abstain threshold."""

    temperature: float
    article_weight: float
    abstain_below: float


def calibrate(labeller: Labeller, validation: Sequence[Example]) -> Calibration:
    """Choose temperature and article weight together by cross-entropy, then the threshold by coverage.

    Args:
        labeller: with temperature 1 and article weight 0.
        validation: examples that are neither trained on nor reported on.
    """
    readings = [example.reading for example in validation]
    alone = labeller.read(readings)
    scores = log_probabilities(alone)
    labels = np.array([example.label for example in validation])
    groups = articles(readings)
    # Hearing the others is linear in the scores, and so is the temperature: one can be fitted on top of the
    # other, and the temperature that is served (inside) is the same number.
    candidates = []
    for weight in ARTICLE_WEIGHTS:
        heard = consistent(scores, groups, weight)
        temperature = fit_temperature(heard, labels)
        calibrated = consistent(scores / temperature, groups, weight)
        loss = -float(calibrated[np.arange(len(labels)), labels].mean())
        candidates.append((loss, weight, temperature, calibrated))
    _, weight, temperature, calibrated = min(candidates, key=lambda candidate: candidate[:2])
    confidence = np.exp(calibrated.max(axis=1))
    curve = risk_coverage(confidence, calibrated.argmax(axis=1) == labels)
    return Calibration(round(temperature, 4), weight, round(curve.at(COVERAGE)[1], 4))

"""What the support check's alignment weighs, and by how much: fitted, not chosen.

By ``banmian train support`` on printed headlines (banmian.training.alignment).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: For every kind the weights of :data:`banmian.data.alignment.FEATURES`, in order.
WEIGHTS: Final[Mapping[str, tuple[float, ...]]] = {
    "number": (
        0.295,  # label before
        0.287,  # label behind
        0.285,  # left on the left
        0.012,  # left on the right
        0.145,  # right on the right
        0.038,  # right on the left
        0.615,  # characters beside
        0.054,  # segment in the clause
        0.3,  # segment in the sentence
        0.003,  # rest in the sentence
        0.05,  # all nearby
        0.0,  # same unit
        -6.892,  # other way
        0.027,  # segment ahead
        0.0,  # rest ahead
        0.079,  # segment back
        0.029,  # rest back
        -4.206,  # nothing there
    ),
    "date": (
        0.657,  # label before
        0.786,  # label behind
        0.148,  # left on the left
        -0.056,  # left on the right
        0.172,  # right on the right
        0.21,  # right on the left
        1.393,  # characters beside
        0.066,  # segment in the clause
        0.0,  # segment in the sentence
        0.0,  # rest in the sentence
        0.003,  # all nearby
        0.0,  # same unit
        -3.579,  # other way
        0.03,  # segment ahead
        0.096,  # rest ahead
        0.0,  # segment back
        0.081,  # rest back
        -2.979,  # nothing there
    ),
    "person": (
        1.07,  # label before
        2.543,  # label behind
        0.044,  # left on the left
        0.018,  # left on the right
        0.178,  # right on the right
        -0.307,  # right on the left
        0.689,  # characters beside
        0.106,  # segment in the clause
        0.081,  # segment in the sentence
        0.0,  # rest in the sentence
        0.158,  # all nearby
        0.0,  # same unit
        0.0,  # other way
        0.051,  # segment ahead
        0.0,  # rest ahead
        0.04,  # segment back
        0.007,  # rest back
        -3.459,  # nothing there
    ),
    "place": (
        0.087,  # label before
        0.477,  # label behind
        0.087,  # left on the left
        0.016,  # left on the right
        0.018,  # right on the right
        -0.097,  # right on the left
        1.099,  # characters beside
        0.078,  # segment in the clause
        0.105,  # segment in the sentence
        0.025,  # rest in the sentence
        0.028,  # all nearby
        0.0,  # same unit
        -5.38,  # other way
        0.058,  # segment ahead
        0.019,  # rest ahead
        0.0,  # segment back
        0.0,  # rest back
        -3.8,  # nothing there
    ),
    "organisation": (
        0.0,  # label before
        0.361,  # label behind
        0.154,  # left on the left
        -0.476,  # left on the right
        0.114,  # right on the right
        -0.342,  # right on the left
        0.655,  # characters beside
        0.031,  # segment in the clause
        0.006,  # segment in the sentence
        0.021,  # rest in the sentence
        0.023,  # all nearby
        0.0,  # same unit
        0.0,  # other way
        0.115,  # segment ahead
        0.137,  # rest ahead
        0.0,  # segment back
        0.0,  # rest back
        -3.914,  # nothing there
    ),
    "negation": (
        0.391,  # label before
        0.045,  # label behind
        0.025,  # left on the left
        -0.255,  # left on the right
        0.324,  # right on the right
        -0.618,  # right on the left
        0.607,  # characters beside
        0.188,  # segment in the clause
        0.136,  # segment in the sentence
        0.064,  # rest in the sentence
        0.053,  # all nearby
        0.0,  # same unit
        0.0,  # other way
        0.0,  # segment ahead
        0.045,  # rest ahead
        0.092,  # segment back
        0.0,  # rest back
        -4.591,  # nothing there
    ),
}

#: Beyond this difference of scores another fact of the article belongs in the headline's place.
LIMITS: Final[Mapping[str, float]] = {
    "number": 4.57,
    "date": 3.16,
    "person": 4.35,
    "place": 3.2,
    "organisation": 4.48,
    "negation": 8.14,
}

"""Near ties: where a fast, coarse network is undecided, an exact one is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from banmian.serving.inputs import Window

#: Int8 scores whose first two labels are closer than this are computed again in float32. Of 3,340 windows
#: of the real and the written issues int8 put another label first in one on each backend, with leads of 0.26
#: and 0.0003; of an earlier labeller's 1,159 in ten, none with a lead above 0.39. Of the 3,340, 0.7% are
#: closer than 0.5.
NEAR_TIE = 0.5

Network = Callable[[Sequence[Window]], NDArray[np.float32]]


def decided(batch: Sequence[Window], coarse: Network, exact: Network | None = None) -> NDArray[np.float32]:
    """Scores ``[windows, labels]`` of ``coarse``, those of near ties by ``exact`` where there is one."""
    scores = coarse(batch)
    if exact is None:
        return scores
    ranked = np.sort(scores, axis=1)
    close = np.flatnonzero(ranked[:, -1] - ranked[:, -2] < NEAR_TIE)
    if close.size:
        scores[close] = exact([batch[i] for i in close.tolist()])
    return scores

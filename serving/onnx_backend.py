"""The labeller on ONNX Runtime: the fastest there is on processors with VNNI."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from banmian.data.errors import BanmianError, MissingExtraError
from banmian.serving import processor
from banmian.serving.bundle import Bundle
from banmian.serving.graph import labelling_graph
from banmian.serving.inputs import Window
from banmian.serving.ties import decided

_TYPES = ("float32", "int8")


def installed() -> bool:
    """Whether the extra ``onnx`` is there: the runtime, and what makes its graph."""
    return find_spec("onnx") is not None and find_spec("onnxruntime") is not None


def pays() -> bool:
    """Whether this backend is installed and is the fastest on this processor.

    Measured on one core of a Zen 5, useful tokens a second of 128 paragraphs: 25,500 in int8, CTranslate2
    18,300. Without VNNI the runtime's int8 products saturate; on a Xeon with AMX its int8 was slower in
    batches than others' float32.
    """
    return processor.has_vnni() and not processor.has_amx() and installed()


class OnnxClassifier:
    """A BERT classifier on ONNX Runtime.

    ``auto`` is int8 with a second look in float32 at near ties where the processor has VNNI, else float32.
    """

    def __init__(self, bundle: Bundle, compute_type: str, threads: int) -> None:
        if compute_type not in ("auto", *_TYPES):
            raise BanmianError(
                f"a compute type among {', '.join(_TYPES)}", repr(compute_type), "compute_type", 'Or "auto".'
            )
        types = [compute_type]
        if compute_type == "auto":
            types = ["int8", "float32"] if processor.has_vnni() else ["float32"]
        self.name = f"onnx {'+'.join(types)}"
        self._pad = bundle.config().get("pad_token_id", 0)
        self._sessions = [_session(bundle, each, threads) for each in types]

    def logits(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Scores before softmax, ``[windows, labels]``."""
        return decided(batch, *(partial(self._scores, session) for session in self._sessions))

    def _scores(self, session: Any, batch: Sequence[Window]) -> NDArray[np.float32]:
        lengths = np.array([len(window.ids) for window in batch], dtype=np.int32)
        ids = np.full((len(batch), lengths.max()), self._pad, dtype=np.int64)
        types = np.zeros_like(ids)
        for i, window in enumerate(batch):
            ids[i, : lengths[i]], types[i, : lengths[i]] = window.ids, window.types
        scores: NDArray[np.float32] = session.run(
            ["scores"], {"ids": ids, "types": types, "lengths": lengths}
        )[0]
        return scores


def _session(bundle: Bundle, compute_type: str, threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtraError("onnxruntime", "onnx", 'backend="onnx"') from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    # Threads that spin between batches would take the cores from the headline writer.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_mem_pattern = False  # every batch has another shape
    return onnxruntime.InferenceSession(
        str(labelling_graph(bundle, compute_type)), options, providers=["CPUExecutionProvider"]
    )

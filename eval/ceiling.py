"""The processor's matmul ceiling, and how much arithmetic a labeller's answer needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from banmian.data.issue import Record

#: Rows, inner, columns: a cube, as ceilings are usually given, and the products of the labeller's layers,
#: whose weights stay in the cache; the best of them counts.
_SHAPES = ((2048, 2048, 2048), (1024, 512, 2048), (1024, 2048, 512))


class Ceiling(Record):
    """The fastest product found in one number format: 10⁹ operations a second, a multiply-add being two."""

    compute_type: str
    library: str
    gflops: float


def ceilings(threads: int, repeats: int = 10) -> tuple[Ceiling, ...]:
    """The ceiling of each format that a library at hand multiplies, the slowest format first.

    numpy is always there, ONNX Runtime and torch where they are installed.
    """
    best: dict[str, Ceiling] = {}
    for shape in _SHAPES:
        for compute_type, library, work in (*_numpy(shape), *_onnx(shape, threads), *_torch(shape, threads)):
            gflops = 2 * float(np.prod(shape)) / _least_seconds(work, repeats) / 1e9
            if compute_type not in best or gflops > best[compute_type].gflops:
                best[compute_type] = Ceiling(compute_type=compute_type, library=library, gflops=gflops)
    return tuple(sorted(best.values(), key=lambda ceiling: ceiling.gflops))


def needed_flops(config: dict[str, Any], lengths: Sequence[int]) -> float:
    """Operations of a whole forward pass over windows of these lengths, without padding.

    For a window of n tokens, hidden size h, feed-forward size f and L layers, a multiply-add counted as two:
    ``L · (2n · (4h² + 2hf) + 4n²h)`` for projections, feed-forward and attention, and ``2h²`` for the pooler.
    Norms, softmax and activations are not counted. A backend that leaves out what no answer needs is not
    charged with it: this is the model's arithmetic, so the share of the ceiling compares backends by what
    they deliver. :func:`done_flops` says what one really computed.
    """
    h, f, layers = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]
    return float(sum(layers * (2 * n * (4 * h * h + 2 * h * f) + 4 * n * n * h) + 2 * h * h for n in lengths))


def done_flops(config: dict[str, Any], lengths: Sequence[int]) -> float:
    """What is really computed where the last layer works out [CLS] alone (:mod:`banmian.serving.graph`).

    Instead of its ``2n · (4h² + 2hf) + 4n²h`` a window costs that layer one row, ``2 · (4h² + 2hf)``, and
    ``4nh`` for each of its heads.
    """
    h, f, heads = config["hidden_size"], config["intermediate_size"], config["num_attention_heads"]
    row = 2 * (4 * h * h + 2 * h * f)
    saved = sum((n - 1) * row + 4 * n * n * h - 4 * n * h * heads for n in lengths)
    return needed_flops(config, lengths) - float(saved)


_Product = tuple[str, str, Callable[[], object]]


def _numpy(shape: tuple[int, int, int]) -> Iterator[_Product]:
    left, right = _factors(shape)
    yield "float32", "numpy", lambda: left @ right


def _onnx(shape: tuple[int, int, int], threads: int) -> Iterator[_Product]:
    try:
        import onnx
        import onnxruntime
        from onnx import helper, numpy_helper
    except ImportError:
        return
    rows, _, columns = shape
    left, right = _factors(shape)
    kind = onnx.TensorProto
    for compute_type, operator, first, second, types in (
        ("float32", "MatMul", left, right, (kind.FLOAT, kind.FLOAT)),
        ("int8", "MatMulInteger", _bytes(left).view(np.uint8), _bytes(right), (kind.UINT8, kind.INT32)),
    ):
        graph = helper.make_graph(
            [helper.make_node(operator, ["a", "b"], ["c"])],
            "product",
            [helper.make_tensor_value_info("a", types[0], first.shape)],
            [helper.make_tensor_value_info("c", types[1], [rows, columns])],
            [numpy_helper.from_array(second, "b")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        yield compute_type, "ONNX Runtime", lambda s=session, a=first: s.run(None, {"a": a})  # type: ignore[misc]


def _torch(shape: tuple[int, int, int], threads: int) -> Iterator[_Product]:
    try:
        import torch
    except ImportError:
        return
    torch.set_num_threads(threads)
    left, right = map(torch.from_numpy, _factors(shape))
    yield "float32", "torch", lambda: left @ right
    halves = left.bfloat16(), right.bfloat16()
    yield "bfloat16", "torch", lambda: halves[0] @ halves[1]
    whole = (left * 100).to(torch.int8), (right * 100).to(torch.int8)
    yield "int8", "torch", lambda: torch._int_mm(*whole)


def _factors(shape: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    rows, inner, columns = shape
    return random.random((rows, inner), np.float32), random.random((inner, columns), np.float32)


def _bytes(matrix: np.ndarray) -> np.ndarray:
    return (matrix * 100).astype(np.int8)


def _least_seconds(work: Callable[[], object], repeats: int) -> float:
    """The least of several, because a ceiling is what the processor can do and not what it mostly does."""
    work()
    least = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        least = min(least, time.perf_counter() - began)
    return least

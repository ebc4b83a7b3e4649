"""A labeller's bundle as an ONNX graph, made with numpy and onnx alone and cached by digest.

Three things make it faster than a plain export. The answer is read at [CLS], so the last layer works out
that one place: nearly a quarter of the work of four layers is never done.
Weights are int8 with a scale for every output channel. Activations are quantised row by row, that is token
by token: one scale for a whole batch, as dynamic quantisation usually has it, moves the scores six times as
far (largest difference .44 against .06) and lets the neighbours in a batch change an answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from banmian.data.errors import BanmianError, MissingExtraError
from banmian.serving.bundle import Bundle
from banmian.serving.cache import cache_folder, made_once

# Part of the cache's key: raise it when the graph made here changes.
_LAYOUT = 2
_RUNTIME = "com.microsoft"  # the runtime's own operators
_OPSETS = {"": 17, _RUNTIME: 1}
_IR = 9


def labelling_graph(bundle: Bundle, compute_type: str) -> Path:
    """The file of the labeller's graph in ``float32`` or ``int8``, made if it is not cached yet.

    Inputs: ``ids`` and ``types`` ``[windows, tokens]`` int64, padded on the right, ``lengths`` ``[windows]``
    int32. Output: ``scores`` ``[windows, labels]`` before softmax.

    Raises:
        BanmianError: not a BERT with GELU; onnx is not installed; the cache cannot be written.
    """
    config = bundle.config()
    found = f"{config.get('model_type')} with {config.get('hidden_act')}"
    if found != "bert with gelu":
        raise BanmianError(
            "a bert model with gelu",
            found,
            str(bundle.folder / "config.json"),
            'Serve it with backend="ctranslate2" or backend="torch".',
        )

    def make(stage: Path) -> None:
        (stage / "model.onnx").write_bytes(_Graph(bundle, compute_type == "int8").serialized())

    name = f"labeller-{bundle.digest[:32]}-{compute_type}-{_LAYOUT}"
    return made_once(cache_folder() / "onnx" / name, make) / "model.onnx"


class _Graph:
    """Nodes and constants of a BERT classifier; each method adds some and returns its output's name."""

    def __init__(self, bundle: Bundle, int8: bool) -> None:
        try:
            import onnx
            from onnx import helper, numpy_helper
        except ImportError:
            raise MissingExtraError("onnx", "onnx", 'backend="onnx"') from None
        self._onnx: Any = onnx
        self._helper: Any = helper
        self._numpy: Any = numpy_helper
        self._config, self._weights, self._int8 = bundle.config(), bundle.weights(), int8
        self._nodes: list[Any] = []
        self._constants: dict[str, np.ndarray] = {}
        self._quantised: dict[str, tuple[str, str]] = {}

    def serialized(self) -> bytes:
        """The whole model as protobuf."""
        scores = self._classified(self._encoded())
        self._nodes.append(self._helper.make_node("Identity", [scores], ["scores"]))
        kind, value = self._onnx.TensorProto, self._helper.make_tensor_value_info
        graph = self._helper.make_graph(
            self._nodes,
            "labeller",
            [
                value("ids", kind.INT64, ["windows", "tokens"]),
                value("types", kind.INT64, ["windows", "tokens"]),
                value("lengths", kind.INT32, ["windows"]),
            ],
            [value("scores", kind.FLOAT, ["windows", len(self._weights["classifier.bias"])])],
            [self._numpy.from_array(array, name) for name, array in self._constants.items()],
        )
        opsets = [self._helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
        model = self._helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
        serialized: bytes = model.SerializeToString()
        return serialized

    def _encoded(self) -> str:
        """Hidden states of [CLS] after the last layer, ``[windows, hidden]``."""
        x = self._embedded()
        *before, last = range(self._config["num_hidden_layers"])
        for i in before:
            x = self._layer(x, f"bert.encoder.layer.{i}")
        return self._last_layer(x, f"bert.encoder.layer.{last}")

    def _embedded(self) -> str:
        """Embeddings of every token, ``[windows * tokens, hidden]``."""
        name = "bert.embeddings"
        words = self._op("Gather", self._weight(f"{name}.word_embeddings.weight"), "ids")
        kinds = self._op("Gather", self._weight(f"{name}.token_type_embeddings.weight"), "types")
        tokens = self._op("Shape", "ids", start=1, end=2)
        rows = self._weight(f"{name}.position_embeddings.weight")
        places = self._op("Slice", rows, self._constant("from_0", [0]), tokens)
        x = self._op("Add", self._op("Add", words, kinds), places)
        return self._flat(self._norm(x, f"{name}.LayerNorm"))

    def _layer(self, x: str, name: str) -> str:
        """One post-LayerNorm layer over ``[windows * tokens, hidden]``."""
        own = f"{name}.attention.self"
        query = self._per_window(self._linear(x, f"{own}.query"))
        key, value = (self._per_window(self._product(x, f"{own}.{part}")) for part in ("key", "value"))
        seen = self._op(
            "MultiHeadAttention", query, key, value, "", "lengths", domain=_RUNTIME, num_heads=self._heads
        )
        return self._after_attention(self._flat(seen), x, name)

    def _last_layer(self, x: str, name: str) -> str:
        """The last layer at [CLS] alone, ``[windows, hidden]``.

        One query a head makes keys and values needless: ``q (x K)ᵀ`` is ``(q Kᵀ) xᵀ`` and ``p (x V)`` is
        ``(p x) V``, a few rows instead of a product over all tokens.
        """
        own, heads, hidden = f"{name}.attention.self", self._heads, self._hidden
        states = self._per_window(x)
        first = self._op("Gather", states, self._constant("0", 0), axis=1)
        query = self._op("MatMul", first, self._turned(f"{own}.query.weight"))
        query = self._op("Add", query, self._weight(f"{own}.query.bias"))
        query = self._op("Reshape", query, self._constant("by_head", [-1, heads, hidden // heads]))
        query = self._op("Transpose", query, perm=[1, 0, 2])  # [heads, windows, hidden / heads]
        keys = self._weights[f"{own}.key.weight"].reshape(heads, -1, hidden)
        asked = self._op("MatMul", query, self._constant(f"{own}.key.heads", keys))
        asked = self._op("Transpose", asked, perm=[1, 0, 2])  # [windows, heads, hidden]
        scale = (hidden // heads) ** -0.5
        scores = self._op("FusedMatMul", asked, states, domain=_RUNTIME, transB=1, alpha=scale)
        shares = self._op("Softmax", self._op("Add", scores, self._padding()), axis=-1)
        mean = self._op("Transpose", self._op("MatMul", shares, states), perm=[1, 0, 2])
        values = self._weights[f"{own}.value.weight"].reshape(heads, -1, hidden).transpose(0, 2, 1)
        seen = self._op("MatMul", mean, self._constant(f"{own}.value.heads", np.ascontiguousarray(values)))
        seen = self._op("Transpose", seen, perm=[1, 0, 2])
        return self._after_attention(self._flat(seen), first, name)

    def _padding(self) -> str:
        """What attention adds to its scores, ``[windows, 1, tokens]``: 0, and for padding -10⁹."""
        tokens = self._op("Gather", self._op("Shape", "ids"), self._constant("1", 1), axis=0)
        places = self._op("Range", self._constant("0", 0), tokens, self._constant("1", 1))
        lengths = self._op("Cast", "lengths", to=self._onnx.TensorProto.INT64)
        lengths = self._op("Unsqueeze", lengths, self._constant("axes_1_2", [1, 2]))
        inside = self._op("Less", places, lengths)
        return self._op(
            "Where", inside, self._constant("0.0", np.float32(0)), self._constant("-1e9", np.float32(-1e9))
        )

    def _after_attention(self, seen: str, x: str, name: str) -> str:
        """What follows attention in a layer, by row. The values' bias comes in here.

        Shares of attention sum to 1, so that bias goes through unchanged; the keys' bias adds the same to
        every score of a query, and softmax takes it out again.
        """
        out, wide = f"{name}.attention.output", f"{name}.intermediate.dense"
        bias = self._weights[f"{out}.dense.bias"] + (
            self._weights[f"{out}.dense.weight"] @ self._weights[f"{name}.attention.self.value.bias"]
        )
        attended = self._op("Add", self._product(seen, f"{out}.dense"), self._constant(f"{out}.bias", bias))
        x = self._norm(self._op("Add", attended, x), f"{out}.LayerNorm")
        bent = self._op("BiasGelu", self._product(x, wide), self._weight(f"{wide}.bias"), domain=_RUNTIME)
        made = self._linear(bent, f"{name}.output.dense")
        return self._norm(self._op("Add", made, x), f"{name}.output.LayerNorm")

    def _classified(self, first: str) -> str:
        """Pooler and classifier: two products of one row a window, left in float32."""
        pooled = self._op("MatMul", first, self._turned("bert.pooler.dense.weight"))
        pooled = self._op("Tanh", self._op("Add", pooled, self._weight("bert.pooler.dense.bias")))
        scores = self._op("MatMul", pooled, self._turned("classifier.weight"))
        return self._op("Add", scores, self._weight("classifier.bias"))

    def _linear(self, x: str, name: str) -> str:
        return self._op("Add", self._product(x, name), self._weight(f"{name}.bias"))

    def _product(self, x: str, name: str) -> str:
        """``x @ weight.T`` over rows, in int8 with a scale per row and per column where that is wished."""
        if not self._int8:
            return self._op("MatMul", x, self._turned(f"{name}.weight"))
        weight = self._weights[f"{name}.weight"]
        scale = np.maximum(np.abs(weight).max(axis=1) / 127, 1e-12).astype(np.float32)
        whole = np.round(weight / scale[:, None]).astype(np.int8)
        row, row_scale = self._rows_quantised(x)
        product = self._op(
            "MatMulIntegerToFloat",
            row,
            self._constant(f"{name}.int8", np.ascontiguousarray(whole.T)),
            self._constant("1.0", np.float32(1)),
            self._constant(f"{name}.scale", scale),
            self._constant("middle", np.uint8(128)),
            domain=_RUNTIME,
        )
        return self._op("Mul", product, row_scale)

    def _rows_quantised(self, x: str) -> tuple[str, str]:
        """``x`` as uint8 around 128 and the scale of each row, once for all products that read it.

        Unsigned, because the runtime's kernels for signed activations are twenty times slower.
        """
        if x not in self._quantised:
            largest = self._op("ReduceMax", self._op("Abs", x), axes=[1], keepdims=1)
            scale = self._op("Mul", largest, self._constant("1/127", np.float32(1 / 127)))
            scale = self._op("Max", scale, self._constant("least", np.float32(1e-12)))
            each = self._op("Squeeze", scale, self._constant("axis_1", [1]))
            middle = self._op(
                "Expand", self._constant("middles", np.array([128], np.uint8)), self._op("Shape", each)
            )
            self._quantised[x] = self._op("QuantizeLinear", x, each, middle, axis=0), scale
        return self._quantised[x]

    def _norm(self, x: str, name: str) -> str:
        weight, bias = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._op(
            "LayerNormalization", x, weight, bias, axis=-1, epsilon=self._config["layer_norm_eps"]
        )

    def _flat(self, x: str) -> str:
        return self._op("Reshape", x, self._constant("flat", [-1, self._hidden]))

    def _per_window(self, x: str) -> str:
        shape = self._op("Concat", self._op("Shape", "ids"), self._constant("hidden", [self._hidden]), axis=0)
        return self._op("Reshape", x, shape)

    @property
    def _heads(self) -> int:
        return int(self._config["num_attention_heads"])

    @property
    def _hidden(self) -> int:
        return int(self._config["hidden_size"])

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _turned(self, name: str) -> str:
        return self._constant(f"{name}.T", np.ascontiguousarray(self._weights[name].T))

    def _constant(self, name: str, value: Any) -> str:
        """A named constant; lists become int64, as ONNX wants shapes and axes."""
        array = np.asarray(value, dtype=np.int64) if isinstance(value, (list, int)) else np.asarray(value)
        self._constants.setdefault(name, array)
        return name

    def _op(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(
            self._helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes)
        )
        return name

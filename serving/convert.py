"""A bundle's safetensors as a CTranslate2 model, made once with numpy alone and cached by digest.

CTranslate2's own converter loads the model with torch and transformers, which serving does without;
its specifications take numpy arrays as well. Names on the right are those of transformers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from ctranslate2.specs import common_spec, transformer_spec

from banmian.data.errors import BanmianError
from banmian.serving.bundle import Bundle
from banmian.serving.cache import cache_folder, made_once
from banmian.serving.tokens import Tokens

Weights = dict[str, np.ndarray]

# Part of the cache's key: raise it when the layout written here changes.
_LAYOUT = 1
_POSITION_OFFSET = 2  # BART's learned positions start at row 2
_ACTIVATIONS = {
    "gelu": common_spec.Activation.GELU,
    "gelu_new": common_spec.Activation.GELUTanh,
    "relu": common_spec.Activation.RELU,
}


def converted(bundle: Bundle) -> Path:
    """The folder of the bundle's CTranslate2 model (float16 weights), made if it is not cached yet.

    Raises:
        BanmianError: the architecture is not one of the two, or the cache cannot be written.
    """
    name = f"{bundle.manifest.kind}-{bundle.digest[:32]}-{ctranslate2.__version__}-{_LAYOUT}"
    return made_once(cache_folder() / "ctranslate2" / name, lambda stage: _spec(bundle).save(str(stage)))


def _spec(bundle: Bundle) -> Any:
    config, weights = bundle.config(), bundle.weights()
    vocabulary = Tokens(bundle.folder).vocabulary
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    expected = {"labeller": "bert", "writer": "bart"}[bundle.manifest.kind]
    if config.get("model_type") != expected or config.get(
        "hidden_act", config.get("activation_function")
    ) not in (_ACTIVATIONS):
        raise BanmianError(
            f"a {expected} model with one of {', '.join(_ACTIVATIONS)}",
            f"{config.get('model_type')} with {config.get('hidden_act', config.get('activation_function'))}",
            str(bundle.folder / "config.json"),
            'Serve it with backend="torch".',
        )
    if len(tokens) != config["vocab_size"]:
        raise BanmianError(
            f"{config['vocab_size']} tokens",
            str(len(tokens)),
            str(bundle.folder / "tokenizer.json"),
            "Retrain.",
        )
    make = _labeller_spec if bundle.manifest.kind == "labeller" else _writer_spec
    spec = make(config, weights, tokens)
    spec.validate()
    spec.optimize(quantization="float16")  # what the bundle holds, so nothing is lost
    return spec


def _labeller_spec(config: dict[str, Any], weights: Weights, tokens: list[str]) -> Any:
    """BERT up to its pooler; the classifier on it is a 5-row product left to numpy."""
    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=_ACTIVATIONS[config["hidden_act"]],
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    spec = transformer_spec.TransformerEncoderModelSpec(
        encoder, pooling_layer=True, pooling_activation=common_spec.Activation.Tanh
    )
    encoder.embeddings[0].weight = weights["bert.embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["bert.embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["bert.embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, weights, "bert.embeddings.LayerNorm")
    _linear(spec.pooler_dense, weights, "bert.pooler.dense")
    for i, layer in enumerate(encoder.layer):
        name = f"bert.encoder.layer.{i}"
        heads = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        _linear(layer.self_attention.linear[0], weights, *heads)
        _linear(layer.self_attention.linear[1], weights, f"{name}.attention.output.dense")
        _norm(layer.self_attention.layer_norm, weights, f"{name}.attention.output.LayerNorm")
        _linear(layer.ffn.linear_0, weights, f"{name}.intermediate.dense")
        _linear(layer.ffn.linear_1, weights, f"{name}.output.dense")
        _norm(layer.ffn.layer_norm, weights, f"{name}.output.LayerNorm")
    spec.register_vocabulary(tokens)
    spec.config.unk_token = "[UNK]"
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    return spec


def _writer_spec(config: dict[str, Any], weights: Weights, tokens: list[str]) -> Any:
    spec = transformer_spec.TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=_ACTIVATIONS[config["activation_function"]],
        layernorm_embedding=True,
    )
    words = _tied(weights)
    _bart_side(spec.encoder, config, weights, "model.encoder", words)
    _bart_side(spec.decoder, config, weights, "model.decoder", words)
    spec.decoder.projection.weight = words
    bias = weights.get("final_logits_bias")
    if bias is not None and bias.any():
        spec.decoder.projection.bias = bias.reshape(-1)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "[UNK]", "[CLS]", "[SEP]"
    spec.config.decoder_start_token = tokens[config["decoder_start_token_id"]]
    return spec


def _tied(weights: Weights) -> np.ndarray:
    """The one word embedding, under whichever of its names the file has kept."""
    names = (
        "model.shared.weight",
        "model.encoder.embed_tokens.weight",
        "model.decoder.embed_tokens.weight",
        "lm_head.weight",
    )
    return next(weights[name] for name in names if name in weights)


def _bart_side(side: Any, config: dict[str, Any], weights: Weights, name: str, words: np.ndarray) -> None:
    """Fill the encoder or the decoder; only the decoder's layers have cross-attention."""
    side.scale_embeddings = config["d_model"] ** 0.5 if config.get("scale_embedding") else 1.0
    embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
    embeddings.weight = words
    side.position_encodings.encodings = weights[f"{name}.embed_positions.weight"][_POSITION_OFFSET:]
    _norm(side.layernorm_embedding, weights, f"{name}.layernorm_embedding")
    for i, layer in enumerate(side.layer):
        part = f"{name}.layers.{i}"
        own = [f"{part}.self_attn.{head}_proj" for head in "qkv"]
        _linear(layer.self_attention.linear[0], weights, *own)
        _linear(layer.self_attention.linear[1], weights, f"{part}.self_attn.out_proj")
        _norm(layer.self_attention.layer_norm, weights, f"{part}.self_attn_layer_norm")
        if hasattr(layer, "attention"):
            cross = [f"{part}.encoder_attn.{head}_proj" for head in "qkv"]
            _linear(layer.attention.linear[0], weights, cross[0])
            _linear(layer.attention.linear[1], weights, *cross[1:])
            _linear(layer.attention.linear[2], weights, f"{part}.encoder_attn.out_proj")
            _norm(layer.attention.layer_norm, weights, f"{part}.encoder_attn_layer_norm")
        _linear(layer.ffn.linear_0, weights, f"{part}.fc1")
        _linear(layer.ffn.linear_1, weights, f"{part}.fc2")
        _norm(layer.ffn.layer_norm, weights, f"{part}.final_layer_norm")


def _linear(spec: Any, weights: Weights, *names: str) -> None:
    """One linear layer, or several of the same input stacked into one product."""
    spec.weight = np.concatenate([weights[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([weights[f"{name}.bias"] for name in names])


def _norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]

"""A base BERT made ready for newspapers: dead rows dropped, signs given rows, a BART grown from it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoConfig,
    AutoTokenizer,
    BartConfig,
    BartForConditionalGeneration,
    BertForSequenceClassification,
    BertModel,
)

from banmian.data.errors import BanmianError
from banmian.data.labels import LABELS
from banmian.serving.tokens import SIGNS, SLOTS, TAGS

_IDEOGRAPH_PIECE = re.compile(r"##[\u3400-\u9fff\uf900-\ufaff]")
# Katakana and hangul never stand on these pages; the middle dot ・ of foreign names (U+30FB) does.
_FOREIGN = re.compile(r"[\u3040-\u30fa\u30fc-\u30ff\uac00-\ud7af\u1100-\u11ff]")


def load_base(base: str) -> BertModel | BartForConditionalGeneration:
    """A BERT without pooler, or a whole BART, under a folder or hub id, in float32.

    Raises:
        BanmianError: nothing there, an architecture that is neither, or weights that are not safetensors.
    """
    try:
        kind = AutoConfig.from_pretrained(base).model_type
        if kind == "bart":
            return BartForConditionalGeneration.from_pretrained(
                base, use_safetensors=True, dtype=torch.float32
            )
        if kind == "bert":
            return BertModel.from_pretrained(
                base, use_safetensors=True, add_pooling_layer=False, dtype=torch.float32
            )
    except OSError as problem:
        raise BanmianError(
            "a base model with config.json and model.safetensors",
            str(problem).splitlines()[0],
            base,
            "Give a folder, or a hub id on a machine that reaches a hub, with --base.",
        ) from None
    raise BanmianError("a BERT, or for headlines a BART", f"a {kind}", base, "Choose another --base.")


def is_prepared(base: str) -> bool:
    """Whether the tokenizer of ``base`` already has this project's rows."""
    return SLOTS[0] in AutoTokenizer.from_pretrained(base).get_vocab()


def prepared(base: str, folder: Path) -> Path:
    """``base`` itself where its tokenizer has this project's rows, else what :func:`prepare` makes of it."""
    return Path(base) if is_prepared(base) else prepare(base, folder)


def prepare(base: str, folder: Path) -> Path:
    """Write ``base``, a BERT or a BART, to ``folder`` with a vocabulary for Chinese pages.

    Rows of ``##字``, kana and hangul go: BERT splits ideographs singly before word pieces, so these are
    never produced (21,128 -> about 13,170 rows, 4.1M weights less, no tokenization changed on 18,000
    titles and bodies but for the middle dot, which stays). ``[unused…]`` rows become the signs, the
    slots for rare characters and the tags of :mod:`banmian.serving.tokens`.

    Returns:
        ``folder``, in ``save_pretrained`` layout; embeddings are ``[rows, hidden]``.

    Raises:
        BanmianError: the base's vocabulary has too few unused rows.
    """
    model, tokenizer = load_base(base), AutoTokenizer.from_pretrained(base)
    old = [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
    rows = [i for i, t in enumerate(old) if not (_IDEOGRAPH_PIECE.fullmatch(t) or _FOREIGN.search(t))]
    tokens = [old[i] for i in rows]
    weights = _words(model)[rows].clone()
    place = {token: i for i, token in enumerate(tokens)}
    unused = [i for i, token in enumerate(tokens) if token.startswith("[unused")]
    needed = [*(sign for sign in SIGNS if sign not in place), *TAGS]
    if len(unused) < len(needed):
        raise BanmianError(
            f"{len(needed)} unused rows for signs, slots and tags",
            str(len(unused)),
            base,
            "Choose another --base.",
        )
    free = iter(unused)
    for sign, like in SIGNS.items():
        if sign not in place:
            row = next(free)
            tokens[row], weights[row] = sign, weights[place[like]]
    for tag in TAGS:
        tokens[next(free)] = tag
    model.resize_token_embeddings(len(tokens), mean_resizing=False)
    _words(model).copy_(weights)
    _point_to_rows(model, {token: i for i, token in enumerate(tokens)})
    model.save_pretrained(folder)
    _save_tokenizer(tokens, folder)
    return folder


def _words(model: BertModel | BartForConditionalGeneration) -> torch.Tensor:
    """The word embeddings themselves, ``[rows, hidden]``."""
    embeddings: Any = model.get_input_embeddings()
    words: torch.Tensor = embeddings.weight.data
    return words


def _point_to_rows(model: BertModel | BartForConditionalGeneration, place: dict[str, int]) -> None:
    """Special tokens may have moved with the rows that went; a BART starts with [CLS] and ends with [SEP]."""
    ids = {"pad_token_id": place["[PAD]"]}
    if isinstance(model, BartForConditionalGeneration):
        start, end = place["[CLS]"], place["[SEP]"]
        ids |= {"bos_token_id": start, "decoder_start_token_id": start}
        ids |= {"eos_token_id": end, "forced_eos_token_id": end}
        model.generation_config.update(**ids)  # type: ignore[no-untyped-call]
    for name, row in ids.items():
        setattr(model.config, name, row)


def _save_tokenizer(tokens: list[str], folder: Path) -> None:
    """Write ``vocab.txt`` and, made from it, ``tokenizer.json`` and ``tokenizer_config.json``."""
    # An older tokenizer.json in the folder would be loaded in place of the new vocabulary.
    (folder / "tokenizer.json").unlink(missing_ok=True)
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    settings = {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": True,  # both bases are uncased; a headline's case is restored from its article
        "model_max_length": 512,
        "extra_special_tokens": list(TAGS),
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "mask_token": "[MASK]",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2), encoding="utf-8")
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)


def labeller(folder: Path | str) -> BertForSequenceClassification:
    """A classifier over LABELS on the prepared BERT in ``folder``; another architecture is a BanmianError."""
    kind = AutoConfig.from_pretrained(folder).model_type
    if kind != "bert":
        raise BanmianError("a BERT", f"a {kind}", str(folder), "Choose another --base.")
    return BertForSequenceClassification.from_pretrained(
        folder,
        use_safetensors=True,
        dtype=torch.float32,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
        # Its random numbers, one for each pair of tokens and head, cost more than they regularise.
        attention_probs_dropout_prob=0.0,
        # The CPU's flash attention spends a fifth of a training step in its backward pass.
        attn_implementation="eager",
    )


def writer(folder: Path | str, decoder_layers: int, dropout: float) -> BartForConditionalGeneration:
    """A BART whose encoder is the prepared BERT in ``folder``; an existing BART keeps all but its dropout.

    Both are post-LayerNorm with learned positions and GELU, so the encoder carries over one to one:
    the token-type-0 embedding folds into the positions, and positions start at row 2. Encoder outputs
    agree to 6e-4 (the LayerNorm eps differs, 1e-12 against 1e-5). Decoder layers start from the
    encoder's last layers, cross-attention from their self-attention; all embeddings are tied.
    """
    if AutoConfig.from_pretrained(folder).model_type == "bart":
        return BartForConditionalGeneration.from_pretrained(
            folder, use_safetensors=True, dtype=torch.float32, dropout=dropout
        )
    bert = load_base(str(folder))
    assert isinstance(bert, BertModel)
    bart = BartForConditionalGeneration(_bart_config(bert, folder, decoder_layers, dropout))
    words = bert.embeddings.word_embeddings.weight.data
    bart.model.shared.weight.data.copy_(words)
    positions = bert.embeddings.position_embeddings.weight.data
    types = bert.embeddings.token_type_embeddings.weight.data[0]
    for side in (bart.model.encoder, bart.model.decoder):
        side.embed_positions.weight.data[2 : 2 + len(positions)] = positions + types
        side.layernorm_embedding.load_state_dict(bert.embeddings.LayerNorm.state_dict())
    # Any: a module's parts are Tensor or Module to the type checker, whatever the architecture.
    layers: list[Any] = list(bert.encoder.layer)
    for old, new in zip(layers, bart.model.encoder.layers, strict=True):
        _copy_layer(old, new)
    for old, new in zip(layers[-decoder_layers:], bart.model.decoder.layers, strict=True):
        _copy_layer(old, new)
        _copy_attention(old.attention.self, old.attention.output, new.encoder_attn)
        new.encoder_attn_layer_norm.load_state_dict(old.attention.output.LayerNorm.state_dict())
    bart.tie_weights()
    return bart


def _bart_config(bert: BertModel, folder: Path | str, decoder_layers: int, dropout: float) -> BartConfig:
    shape = bert.config
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return BartConfig(
        vocab_size=shape.vocab_size,
        max_position_embeddings=shape.max_position_embeddings,
        d_model=shape.hidden_size,
        encoder_layers=shape.num_hidden_layers,
        decoder_layers=decoder_layers,
        encoder_attention_heads=shape.num_attention_heads,
        decoder_attention_heads=shape.num_attention_heads,
        encoder_ffn_dim=shape.intermediate_size,
        decoder_ffn_dim=shape.intermediate_size,
        activation_function="gelu",
        dropout=dropout,
        attention_dropout=0.0,
        activation_dropout=0.0,
        scale_embedding=False,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        decoder_start_token_id=tokenizer.cls_token_id,
        forced_eos_token_id=tokenizer.sep_token_id,
    )


def _copy_layer(old: Any, new: Any) -> None:
    """A BERT layer's self-attention and feed-forward into a BART layer of the same shape."""
    _copy_attention(old.attention.self, old.attention.output, new.self_attn)
    new.self_attn_layer_norm.load_state_dict(old.attention.output.LayerNorm.state_dict())
    new.fc1.load_state_dict(old.intermediate.dense.state_dict())
    new.fc2.load_state_dict(old.output.dense.state_dict())
    new.final_layer_norm.load_state_dict(old.output.LayerNorm.state_dict())


def _copy_attention(old: Any, output: Any, new: Any) -> None:
    new.q_proj.load_state_dict(old.query.state_dict())
    new.k_proj.load_state_dict(old.key.state_dict())
    new.v_proj.load_state_dict(old.value.state_dict())
    new.out_proj.load_state_dict(output.dense.state_dict())

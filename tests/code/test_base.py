"""What a base becomes: rows dropped and given away, a BART grown from a BERT, a BART taken as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import transformers

from banmian.data.errors import BanmianError
from banmian.serving.tokens import SIGNS, SLOTS, Tokens
from banmian.training.base import is_prepared, labeller, load_base, prepare, writer

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def _vocabulary(folder: Path, unused: int = 40) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    # Rows that go stand before the special tokens, so that these move.
    tokens = ["##字", "か", "[PAD]", *(f"[unused{i}]" for i in range(unused)), *SPECIAL[1:]]
    tokens += [*"市图书馆新开放，.-'\"・", "a", "##1"]
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True})
    )
    return tokens


def _bart(folder: Path) -> Path:
    tokens = _vocabulary(folder)
    torch.manual_seed(2)
    transformers.BartForConditionalGeneration(
        transformers.BartConfig(
            vocab_size=len(tokens),
            d_model=16,
            encoder_layers=1,
            decoder_layers=1,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=16,
            decoder_ffn_dim=16,
            max_position_embeddings=64,
            pad_token_id=2,
        )
    ).save_pretrained(folder)
    return folder


def test_a_bart_keeps_its_rows_and_finds_its_special_tokens(tmp_path: Path) -> None:
    before = load_base(str(_bart(tmp_path / "bart")))
    old = (tmp_path / "bart" / "vocab.txt").read_text(encoding="utf-8").splitlines()
    folder = prepare(str(tmp_path / "bart"), tmp_path / "base")
    model, tokens = writer(folder, decoder_layers=3, dropout=0.0), Tokens(folder)
    assert model.config.decoder_layers == 1  # an existing BART is taken as it is
    assert len(tokens.vocabulary) == len(old) - 2 == model.get_input_embeddings().weight.shape[0]
    for token in ("市", "[SEP]", "・"):
        kept = model.get_input_embeddings().weight[tokens.vocabulary[token]]
        assert torch.equal(kept, before.get_input_embeddings().weight[old.index(token)])
    assert (model.config.decoder_start_token_id, model.config.eos_token_id) == (tokens.start, tokens.end)
    assert model.config.pad_token_id == tokens.pad
    assert is_prepared(str(folder))
    assert not is_prepared(str(tmp_path / "bart"))


def test_signs_start_from_the_nearest_sign(tiny_base: Path) -> None:
    tokens = Tokens(tiny_base)
    weight = load_base(str(tiny_base)).get_input_embeddings().weight
    for sign, like in SIGNS.items():
        if like in tokens.vocabulary:
            assert torch.equal(weight[tokens.vocabulary[sign]], weight[tokens.vocabulary[like]])
    assert set(SLOTS) <= tokens.vocabulary.keys()


def test_the_grown_encoder_answers_as_the_bert_it_came_from(tiny_base: Path) -> None:
    ids = torch.tensor([[2, 60, 61, 62, 3]])
    bert = load_base(str(tiny_base)).eval()
    bart = writer(tiny_base, decoder_layers=2, dropout=0.0).eval()
    with torch.no_grad():
        difference = bart.model.encoder(ids).last_hidden_state - bert(ids).last_hidden_state
    assert difference.abs().max() < 5e-3  # the LayerNorm eps differs


def test_what_an_older_preparation_left_in_the_folder_is_not_read(tmp_path: Path) -> None:
    folder = _bart(tmp_path / "bart")
    prepare(str(folder), tmp_path / "base")
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8")
    (folder / "vocab.txt").write_text(vocabulary.replace("\n市\n", "\n镇\n"), encoding="utf-8")
    prepare(str(folder), tmp_path / "base")
    assert "镇" in Tokens(tmp_path / "base").vocabulary


def test_too_few_unused_rows_are_said(tmp_path: Path) -> None:
    folder = _bart(tmp_path / "bart")
    _vocabulary(folder, unused=3)
    with pytest.raises(BanmianError, match="expected 25 unused rows for signs, slots and tags, found 3"):
        prepare(str(folder), tmp_path / "base")


def test_other_architectures_and_pickles_are_refused(tmp_path: Path) -> None:
    folder = _bart(tmp_path / "bart")
    with pytest.raises(BanmianError) as caught:
        labeller(folder)
    assert str(caught.value) == f"{folder}: expected a BERT, found a bart. Choose another --base."
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(BanmianError, match=r"expected a base model with config.json and model.safetensors"):
        load_base(str(folder))
    with pytest.raises(BanmianError, match="Give a folder, or a hub id on a machine that reaches a hub"):
        load_base(str(tmp_path / "nowhere"))

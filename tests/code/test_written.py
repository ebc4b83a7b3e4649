import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banmian.data.errors import BanmianError
from banmian.data.issue import Article, Block, Headline, Issue, Written
from banmian.eval.headlines import Pair, PairSet, from_issue, from_parquet
from banmian.eval.written import score_lead, score_writer
from banmian.serving.bundle import Bundle
from banmian.serving.writer import Request, Writer

MARKET = Pair("本报讯 昨日，全市15家菜市场开门营业。市民王芳买到了菜。", "15家菜市场昨开门", "2020-02-13")
BUSES = Pair("自二月十五日起，恢复12条公交线路。请乘客佩戴口罩。", "恢复12条公交线路", "2020-02-13")
PAIRS = PairSet("hand-made", "quick", (MARKET, BUSES))


class Says:
    """A writer with its answers in order: generated as they are, returned as extracts where they end on 。"""

    def __init__(self, *answers: str) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    def generate(self, requests: Sequence[Request]) -> list[str]:
        self.asked += requests
        return list(self.answers[: len(requests)])

    def write(self, requests: Sequence[Request]) -> list[Written]:
        self.asked += requests
        return [
            Written(headline=text, supported=True, method="extract" if text.endswith("。") else "model")
            for text in self.answers[: len(requests)]
        ]


def test_the_printed_headline_scores_one() -> None:
    writer = Says(MARKET.headline, BUSES.headline)
    found = score_writer(writer, "says", PAIRS, "generated")
    assert (found.rouge1.value, found.rouge2.value, found.rougeL.value) == (1, 1, 1)
    assert (found.rougeL.low, found.rougeL.high) == (1, 1)
    assert (found.n, found.rougeL.units, found.rougeL.unit) == (2, 2, "article")
    assert found.mean_characters == found.mean_characters_printed == 9
    assert found.extracted is None
    assert found.unsupported_printed == 0
    # The lead sentence scores .64 and .667, counted below.
    assert found.gain.value == pytest.approx(1 - (0.64 + 2 / 3) / 2)


def test_the_writer_is_asked_in_the_sets_register_unless_told_otherwise() -> None:
    writer = Says("甲", "乙")
    assert score_writer(writer, "says", PAIRS, "generated").asked == "quick"
    assert writer.asked == [Request(pair.text, "quick", date="2020-02-13") for pair in PAIRS.pairs]
    assert score_writer(writer, "says", PAIRS, "generated", "party_daily").asked == "party_daily"
    assert writer.asked[2].register == "party_daily"


def test_copies_are_those_that_stand_in_the_article_word_for_word() -> None:
    # Widths and blanks do not hide a copy.
    found = score_writer(Says("全市１５家 菜市场开门营业", "公交线路恢复12条"), "says", PAIRS, "generated")
    assert found.copies == 0.5


def test_numbers_the_article_does_not_have_are_counted() -> None:
    found = score_writer(Says("50家菜市场开门", "恢复12条公交线路"), "says", PAIRS, "generated")
    assert found.unsupported == 0.5


def test_what_is_returned_tells_extracts() -> None:
    found = score_writer(Says("15家菜市场开门", "恢复12条公交线路。"), "says", PAIRS, "returned")
    assert (found.what, found.extracted) == ("returned", 0.5)


def test_the_lead_sentence_beside_it() -> None:
    found = score_lead(PAIRS)
    assert (found.what, found.asked, found.copies) == ("lead sentence", None, 1.0)
    # 16 characters hold the printed nine but 昨, which stands too early; 18 hold all nine of the other.
    by_hand = 2 * 8 / (16 + 9), 2 * 9 / (18 + 9)
    assert found.rougeL.value == pytest.approx(sum(by_hand) / 2)
    assert found.gain.value == 0


def test_a_real_writer_is_scored(tiny_writer: Bundle) -> None:
    found = [score_writer(Writer(tiny_writer), "tiny", PAIRS, what) for what in ("generated", "returned")]
    assert [score.n for score in found] == [2, 2]
    assert 0 <= found[0].rougeL.low <= found[0].rougeL.value <= found[0].rougeL.high <= 1
    # Random weights say nothing the article supports: what is returned is cut out of the article.
    assert found[1].extracted == 1
    assert found[1].unsupported == 0


def write(path: Path, corpora: Sequence[str]) -> Path:
    n = len(corpora)
    columns = {"title": ["题"] * n, "body": ["文。"] * n, "date": [None] * n, "corpus": list(corpora)}
    pq.write_table(pa.table(columns), path)
    return path


def test_pairs_come_by_sub_corpus_with_its_register(tmp_path: Path) -> None:
    path = write(tmp_path / "dev.parquet", ["rmrb_2020_tiny_search", "xwlb_quick", "rmrb_2020_tiny_search"])
    found = [(pairs.name, pairs.register, len(pairs.pairs)) for pairs in from_parquet(path)]
    assert found == [("xwlb_quick", "quick", 1), ("rmrb_2020_tiny_search", "party_daily", 2)]


def test_an_unknown_corpus_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "dev.parquet", ["xwlb_quick", "weather"])
    with pytest.raises(BanmianError, match=re.escape("dev.parquet row 1: expected one of xwlb_quick, ")):
        from_parquet(path)


def test_pairs_of_an_issue_are_its_articles_with_headline_and_body() -> None:
    blocks = (
        Block(id="b1", text="一。"),
        Block(id="s", role="subhead", text="小题"),
        Block(id="b2", text="二。"),
    )
    whole = Headline(kicker=("引",), main=("上行", "下行"), deck=("副",))
    issue = Issue(
        id="i",
        date="2020-02-13",
        articles=(Article(id="a1", headline=whole, blocks=blocks), Article(id="a2", headline=whole)),
    )
    assert from_issue(issue).pairs == (Pair("一。\n二。", "上行 下行", "2020-02-13"),)
    assert from_issue(issue, whole=True).pairs[0].headline == "引 上行 下行 副"
    assert from_issue(issue, whole=True).name == "i, kicker, main and deck"


def test_a_sample_is_fixed_by_its_seed_and_keeps_the_order() -> None:
    pairs = PairSet("many", "quick", tuple(Pair(f"{n:03}", "题") for n in range(100)))
    drawn = pairs.sample(10, seed=1)
    assert drawn == pairs.sample(10, seed=1) != pairs.sample(10, seed=2)
    assert [pair.text for pair in drawn.pairs] == sorted(pair.text for pair in drawn.pairs)
    assert pairs.sample(100, seed=1) is pairs
    assert drawn.digest != pairs.digest

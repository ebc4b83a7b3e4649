from dataclasses import replace

import pytest

from banmian.data.errors import BanmianError
from banmian.data.facts import unsupported, well_formed
from banmian.serving.backends import Hypothesis, Search
from banmian.serving.bundle import Bundle
from banmian.serving.tokens import Source
from banmian.serving.writer import Request, Writer

NEWS = (
    "本报讯记者李明从市商务局获悉，全市一百二十家农贸市场全部恢复营业，"
    "蔬菜日供应量达到一千五百吨，价格比上周下降三成。"
)
MEETING = "市委常委会昨日召开会议，部署复工复产工作。会议强调，要落实分区分级防控措施。"


@pytest.fixture(scope="module")
def writer(tiny_writer: Bundle) -> Writer:
    return Writer(tiny_writer, threads=1, compute_type="float32")


class Dictated(Writer):
    """A writer whose network says what it is told, printed headlines first choice first."""

    def __init__(self, bundle: Bundle, *rounds: list[str]) -> None:
        super().__init__(bundle, threads=1)
        self.rounds = list(rounds)
        self.asked: list[Search] = []

    def search(self, sources: list[Source], how: Search) -> list[list[Hypothesis]]:  # type: ignore[override]
        self.asked.append(how)
        said = self.rounds.pop(0)
        return [
            [Hypothesis(self.tokens.target(text, source, 64)[:-1], ended=True) for text in said]
            for source in sources
        ]


def test_generate_is_the_first_beam_in_order(writer: Writer):
    requests = [Request(NEWS), Request(MEETING), Request(NEWS[:20], register="quick")]
    together = writer.generate(requests)
    assert together == [writer.generate([request])[0] for request in requests]
    assert len(set(together)) > 1
    assert all("[" not in headline for headline in together)


def test_what_is_written_is_supported_and_well_formed(writer: Writer):
    for made in writer.write([Request(NEWS), Request(MEETING), Request(NEWS, max_chars=8)]):
        assert made.headline
        assert made.supported
        assert made.method in ("model", "extract")
        assert made.candidates[0] == made.headline


def test_the_first_supported_candidate_is_taken(tiny_writer: Bundle):
    said = [
        "全市一百三十家农贸市场恢复营业",
        "“全市农贸市场恢复营业",
        "全市一百二十家农贸市场恢复营业",
        "蔬菜价格下降三成",
    ]
    (made,) = Dictated(tiny_writer, said).write([Request(NEWS, candidates=2)])
    assert made.headline == "全市一百二十家农贸市场恢复营业"
    assert made.method == "model"
    assert made.supported
    assert made.unsupported == ()
    assert made.candidates == ("全市一百二十家农贸市场恢复营业", "蔬菜价格下降三成")


def test_length_is_kept_by_a_second_wider_search(tiny_writer: Bundle):
    dictated = Dictated(tiny_writer, ["全市一百二十家农贸市场恢复营业"], ["蔬菜价格下降三成"])
    (made,) = dictated.write([Request(NEWS, max_chars=10)])
    assert (made.headline, made.method) == ("蔬菜价格下降三成", "model")
    assert dictated.asked[1].beams > dictated.asked[0].beams
    assert dictated.asked[1].max_tokens == 10


def test_when_nothing_is_supported_the_text_is_compressed(tiny_writer: Bundle):
    wrong = ["全市九十家农贸市场恢复营业"]
    (made,) = Dictated(tiny_writer, wrong, wrong).write([Request(NEWS, max_chars=20)])
    assert made.method == "extract"
    assert 0 < len(made.headline) <= 20
    assert made.candidates == (made.headline,)
    assert made.supported == (not unsupported(made.headline, NEWS))
    assert well_formed(made.headline)


def test_a_hypothesis_that_did_not_end_is_not_printed(tiny_writer: Bundle):
    class Cut(Dictated):
        def search(self, sources: list[Source], how: Search) -> list[list[Hypothesis]]:  # type: ignore[override]
            (said,) = super().search(sources, how)
            return [[replace(said[0], ended=False), *said[1:]]]

    (made,) = Cut(tiny_writer, ["全市农贸市场恢复营", "蔬菜价格下降三成"]).write([Request(NEWS)])
    assert made.headline == "蔬菜价格下降三成"


def test_a_rare_character_comes_back_and_a_foreign_slot_does_not(tiny_writer: Bundle):
    dictated = Dictated(tiny_writer, ["李旸召开会议"], ["李旸召开会议"])
    (made,) = dictated.write([Request("李旸昨日召开会议，部署复工复产工作。")])
    assert made.headline == "李旸召开会议"
    slot = dictated.tokens.vocabulary["[RARE0]"]

    class Slotted(Dictated):
        def search(self, sources: list[Source], how: Search) -> list[list[Hypothesis]]:  # type: ignore[override]
            return [
                [Hypothesis([slot, *h.ids], h.ended) for h in found] for found in super().search(sources, how)
            ]

    (made,) = Slotted(tiny_writer, ["召开会议"], ["召开会议"]).write([Request(MEETING)])
    assert made.method == "extract"


def test_how_much_was_read_is_said(writer: Writer):
    short, long = writer.write([Request(MEETING), Request(NEWS * 10)])
    assert short.read == short.length == len(MEETING)
    assert long.length == len(NEWS) * 10
    assert 0 < long.read < long.length


def test_more_candidates_than_beams(writer: Writer):
    (made,) = writer.write([Request(NEWS, candidates=8)])
    assert 1 <= len(made.candidates) <= 8
    assert len(set(made.candidates)) == len(made.candidates)


def test_a_headline_of_two_lines_where_it_is_wished(tiny_writer: Bundle):
    said = ["蔬菜价格下降三成", "农贸市场全部恢复营业 蔬菜价格下降三成"]
    (made,) = Dictated(tiny_writer, said).write([Request(NEWS, lines=2)])
    assert made.candidates == ("农贸市场全部恢复营业 蔬菜价格下降三成",)
    (made,) = Dictated(tiny_writer, said[::-1]).write([Request(NEWS, lines=1)])
    assert made.headline == "蔬菜价格下降三成"


def test_lines_give_way_before_the_least_length_and_that_before_an_extract(tiny_writer: Bundle):
    said = ["蔬菜价格下降三成", "全市农贸市场恢复营业"]
    dictated = Dictated(tiny_writer, said, said)
    (made,) = dictated.write([Request(NEWS, lines=2, min_chars=9)])
    assert (made.headline, made.method) == ("全市农贸市场恢复营业", "model")
    assert [how.min_tokens for how in dictated.asked] == [7, 7]
    (made,) = Dictated(tiny_writer, said, said).write([Request(NEWS, min_chars=15)])
    assert (made.headline, made.method) == ("蔬菜价格下降三成", "model")


def test_requests_with_other_lengths_are_searched_apart_and_come_back_in_order(tiny_writer: Bundle):
    dictated = Dictated(tiny_writer, ["蔬菜价格下降三成"], ["全市农贸市场恢复营业"])
    made = dictated.write([Request(NEWS), Request(NEWS, min_chars=10), Request(NEWS)])
    assert [m.headline for m in made] == ["蔬菜价格下降三成", "全市农贸市场恢复营业", "蔬菜价格下降三成"]


def test_kicker_and_deck_say_something_else_that_the_text_supports(tiny_writer: Bundle):
    main = ["农贸市场恢复营业"]
    kicker = ["全市农贸市场恢复营业", "全市九十家市场", "蔬菜日供应量达到一千五百吨"]
    deck = ["蔬菜日供应量一千五百吨", "价格比上周下降三成"]
    dictated = Dictated(tiny_writer, main, kicker, deck)
    (made, plain) = dictated.write([Request(NEWS, kicker=True, deck=True), Request(NEWS)])
    assert (made.kicker, made.headline, made.deck) == (
        "蔬菜日供应量达到一千五百吨",
        "农贸市场恢复营业",
        "价格比上周下降三成",
    )
    assert (plain.kicker, plain.deck) == ("", "")


def test_a_deck_that_nothing_supports_is_left_out(tiny_writer: Bundle):
    (made,) = Dictated(tiny_writer, ["蔬菜价格下降三成"], ["九十家市场恢复营业"]).write(
        [Request(NEWS, deck=True)]
    )
    assert (made.method, made.deck) == ("model", "")


def test_a_writer_that_learnt_no_kickers_says_so(tiny_writer: Bundle):
    dictated = Dictated(tiny_writer, ["蔬菜价格下降三成"])
    del dictated.tokens.vocabulary["[KICKER]"]
    with pytest.raises(BanmianError) as caught:
        dictated.write([Request(NEWS, kicker=True)])
    assert str(caught.value) == (
        "kicker: expected a writer that learnt to write a kicker, found tiny writer 1. "
        "Ask for the main headline alone, or publish a newer writer."
    )


def test_nothing_in_nothing_out(writer: Writer):
    assert writer.write([]) == []
    assert writer.generate([]) == []


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            Request(" \u200b\n"),
            "texts[1]: expected text to write a headline for, found none. Send the article.",
        ),
        (Request(NEWS, max_chars=3), "texts[1]: expected max_chars of 4 or more, found 3."),
        (
            Request(NEWS, min_chars=12, max_chars=10),
            "texts[1]: expected min_chars from 1 to 10, found 12 with max_chars 10.",
        ),
        (Request(NEWS, min_chars=40), "texts[1]: expected min_chars from 1 to 32, found 40."),
        (Request(NEWS, candidates=11), "texts[1]: expected candidates from 1 to 10, found 11."),
    ],
)
def test_wrong_requests_are_named(writer: Writer, request_: Request, message: str):
    with pytest.raises(BanmianError) as caught:
        writer.write([Request(NEWS), request_])
    assert str(caught.value) == message


def test_a_labeller_does_not_write(tiny_labeller: Bundle):
    with pytest.raises(BanmianError) as caught:
        Writer(tiny_labeller)
    assert str(caught.value) == f"{tiny_labeller.folder}: expected a writer, found a labeller."

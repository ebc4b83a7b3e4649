import pytest

from banmian.data.issue import Article, Block, Headline, Issue
from banmian.serving.bundle import Bundle
from banmian.serving.desk import Desk
from banmian.serving.engine import Engine, EngineSettings
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller
from banmian.serving.scheduler import DeadlineError

MEETING = ("市委常委会昨日召开会议，部署复工复产工作。", "会议强调，要落实分区分级防控措施。")
ISSUE = Issue(
    id="one",
    date="2020-02-13",
    articles=(
        Article(
            id="a1",
            headline=Headline(kicker=("市委会议",), main=("部署复工复产",)),
            blocks=(
                Block(id="a1b1", text=MEETING[0], label="local_meeting"),
                Block(id="a1b2", role="subhead", text="措施"),
                Block(id="a1b3", text=MEETING[1]),
                Block(id="a1b4", text="　"),
            ),
        ),
        Article(id="a2", headline=Headline(main=("特此通告",))),
    ),
)


@pytest.fixture(scope="module")
def desk(tiny_labeller: Bundle, tiny_writer: Bundle):
    with Engine(tiny_labeller, tiny_writer, EngineSettings(threads=1)) as engine:
        yield Desk(engine)


def test_every_paragraph_gets_a_label_and_every_article_a_headline(desk: Desk, tiny_labeller: Bundle):
    analysed = desk.analyze(ISSUE)
    first, second = analysed.articles
    told = [bool(block.prediction) for block in first.blocks]
    assert told == [True, False, True, False]
    assert first.written is not None
    assert first.written.length == len("".join(MEETING))
    assert second.written is None
    # The context is the printed headline with its kicker, and the article's first paragraph.
    reading = Reading(MEETING[1], "市委会议 部署复工复产", MEETING[0])
    (expected,) = Labeller(tiny_labeller, threads=1).predict([reading])
    assert first.blocks[2].prediction is not None
    assert first.blocks[2].prediction.confidence == pytest.approx(expected.confidence, abs=1e-4)


def test_what_people_wrote_stays(desk: Desk):
    analysed = desk.analyze(ISSUE)
    assert analysed.articles[0].blocks[0].label == "local_meeting"
    assert analysed.articles[0].headline == ISSUE.articles[0].headline
    assert analysed.date == ISSUE.date
    bare = analysed.model_copy(
        update={
            "articles": tuple(
                a.model_copy(
                    update={
                        "written": None,
                        "doubts": (),
                        "blocks": tuple(b.model_copy(update={"prediction": None}) for b in a.blocks),
                    }
                )
                for a in analysed.articles
            )
        }
    )
    assert bare == ISSUE
    assert desk.analyze(analysed) == analysed  # a second reading says the same


def test_the_record_round_trips_through_json(desk: Desk):
    from banmian.data.issue import parse_issue

    analysed = desk.analyze(ISSUE)
    assert parse_issue(analysed.to_json()) == analysed


def test_wishes_reach_the_writer(desk: Desk):
    written = desk.analyze(ISSUE, register="quick", max_chars=8, candidates=3).articles[0].written
    assert written is not None
    assert len(written.headline) <= 8


def test_an_empty_issue_is_no_error(desk: Desk):
    assert desk.analyze(Issue(id="none")) == Issue(id="none")


def test_a_deadline_gives_up_both_models(desk: Desk):
    many = ISSUE.model_copy(
        update={
            "articles": tuple(
                ISSUE.articles[0].model_copy(
                    update={"id": f"x{i}", "blocks": (Block(id=f"x{i}b1", text=MEETING[0] * 9),)}
                )
                for i in range(60)
            )
        }
    )
    with pytest.raises(DeadlineError):
        desk.analyze(many, deadline_s=0.001)


def test_text_is_read_and_analysed(desk: Desk):
    text = "部署复工复产\n" + "\n".join(f"　　{paragraph}" for paragraph in MEETING)
    issue = desk.analyze_text(text, id="pasted", paper="株洲日报", date="2020-02-13")
    assert (issue.id, issue.paper, issue.date) == ("pasted", "株洲日报", "2020-02-13")
    body = [block for _, block in issue.body()]
    assert body
    assert all(block.prediction for block in body)

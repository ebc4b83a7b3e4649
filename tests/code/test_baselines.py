import pytest

from banmian.data.labels import LABELS, Label
from banmian.eval.baselines import CharTfidf, constant, lead_sentence
from banmian.eval.paragraphs import Labelled
from banmian.serving.inputs import Reading

MEETING = "会议强调，要压实责任，抓好落实。"
NOTICE = "即日起，全市公共场所一律佩戴口罩，违者依法处理。"


def labelled(text: str, label: Label, headline: str = "") -> Labelled:
    return Labelled(Reading(text, headline), label, text)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("新华社北京2月12日电 （记者甲乙）会议指出，形势向好。第二句。", "会议指出，形势向好。"),
        ("本报讯 （通讯员丙）昨日，菜市场开门。", "昨日，菜市场开门。"),
        ("据新华社电 国务院办公厅发出通知。", "国务院办公厅发出通知。"),
        ("他说：“不能等！”大家都笑了。", "他说：“不能等！”"),
        ("没有句号的一行\n第二行。第三句。", "没有句号的一行\n第二行。"),
        ("国家电网保供电。完。", "国家电网保供电。"),
        ("无标点", "无标点"),
        ("   ", ""),
    ],
)
def test_lead_sentence(text: str, lead: str) -> None:
    assert lead_sentence(text) == lead


def test_one_answer_for_all_is_the_commonest_with_its_share() -> None:
    found = constant([labelled("甲", "other"), labelled("乙", "public_notice"), labelled("丙", "other")])
    assert [prediction.label for prediction in found] == ["other"] * 3
    assert found[0].probabilities == {
        "central_directive": 0.0,
        "local_meeting": 0.0,
        "public_notice": pytest.approx(1 / 3),
        "livelihood_report": 0.0,
        "other": pytest.approx(2 / 3),
    }


def test_tfidf_tells_two_kinds_of_text_apart() -> None:
    learn = [labelled(MEETING, "local_meeting")] * 3 + [labelled(NOTICE, "public_notice")] * 3
    found = CharTfidf().fit(learn).predict([Reading("会议要求压实责任。"), Reading("一律佩戴口罩。")])
    assert [prediction.label for prediction in found] == ["local_meeting", "public_notice"]
    assert list(found[0].probabilities) == list(LABELS)
    assert sum(found[0].probabilities.values()) == pytest.approx(1)
    assert found[0].probabilities["other"] == 0


def test_only_with_context_does_the_headline_decide() -> None:
    # The same sentence under a Politburo lead and under a city committee's (LABELS: context decides ties).
    learn = [labelled(MEETING, "central_directive", "中共中央政治局召开会议")] * 4
    learn += [labelled(MEETING, "local_meeting", "市委常委会召开会议")] * 4
    readings = [Reading(MEETING, "中共中央政治局常委会召开会议"), Reading(MEETING, "株洲市委常委会召开会议")]
    with_context = CharTfidf().fit(learn, context=True).predict(readings)
    assert [prediction.label for prediction in with_context] == ["central_directive", "local_meeting"]
    without = CharTfidf().fit(learn, context=False).predict(readings)
    assert without[0].probabilities == without[1].probabilities

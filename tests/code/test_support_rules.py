"""Rules of the support check that hold a headline's facts to what the article says them of.

The examples are this file's own; none stands in eval/cases, which measures the rules.
"""

import pytest

from banmian.data.facts import unsupported

REPORT = (
    "本报讯 3月5日，市委副书记、市长丁一鸣到云溪县调研。市委书记韩正平作出批示。"
    "市农业局、市水务局负责人参加，副县长秦有田陪同。县统计局介绍，全县复学率达98.2%，学生返校率达91.6%，"
    "较上周提高2.4个百分点。会议要求，5月20日前全面竣工；6月15日前交付使用。"
    "护士长孙丽芳说，居民张桂兰已经康复。总工程师周晋告诉记者，大河镇清水村泵房修好了。"
)
NOTICE = (
    "一、城区第二批12条线路恢复运营，夜班车继续停运。二、电影院、棋牌室暂停营业，书店可以营业。"
    "三、禁止携带宠物进入，三环路以内禁止货车通行。四、跨县承运的，须提前三日登记。"
    "五、3号门每日8时开放，票价每人每月30元。六、省委第二督导组派员监督，匿名反映的，不予受理。"
    "K61+050处封闭施工，限速20公里/小时。市第四中学开放操场。"
)
DAY = "2019-03-06"


def flagged(headline: str, article: str) -> list[tuple[str, str]]:
    return [(span.kind, span.text) for span in unsupported(headline, article, DAY)]


@pytest.mark.parametrize(
    ("headline", "kind", "text"),
    [
        ("市长丁一铭到云溪县调研", "person", "丁一铭"),
        ("市长韩正平作出批示", "person", "市长韩正平"),
        ("副县长丁一鸣到云溪县", "person", "副县长丁一鸣"),
        ("孙丽芬说病人已经康复", "person", "孙丽芬"),
        ("居民章桂兰已经康复", "person", "章桂兰"),
        ("总工程师周进：泵房修好了", "person", "周进"),
        ("台长陈国栋介绍复学情况", "person", "陈国栋"),
        ("市林业局负责人参加调研", "organisation", "市林业局"),
        ("国家统计局介绍复学情况", "organisation", "国家统计局"),
        ("学生返校率达98.2%", "number", "98.2"),
        ("返校率较上周下降2.4个百分点", "negation", "下降"),
        ("6月15日前全面竣工", "date", "6月15日"),
        ("云河县调研忙", "place", "云河县"),
        ("小溪镇清水村泵房修好了", "place", "小溪镇"),
    ],
)
def test_a_report_told_wrongly(headline: str, kind: str, text: str) -> None:
    assert (kind, text) in flagged(headline, REPORT)


@pytest.mark.parametrize(
    "headline",
    [
        "市长丁一鸣调研云溪",
        "市委书记韩正平批示",
        "市委副书记丁一鸣到云溪县",
        "副县长秦有田陪同调研",
        "护士长孙丽芳：病人已康复",
        "总工程师周晋：泵房修好了",
        "市农业局市水务局参加",
        "县统计局：复学率达98.2%",
        "学生返校率达91.6% 较上周提高2.4个百分点",
        "5月20日前全面竣工 6月15日前交付使用",
        "大河镇清水村泵房修好",
    ],
)
def test_the_same_report_told_rightly(headline: str) -> None:
    assert flagged(headline, REPORT) == []


@pytest.mark.parametrize(
    ("headline", "kind", "text"),
    [
        ("电影院棋牌室恢复营业", "negation", "恢复"),
        ("允许携带宠物进入", "negation", "允许"),
        ("跨县承运无须登记", "negation", "无须登记"),
        ("匿名反映予以受理", "negation", "受理"),
        ("第三批线路恢复运营", "number", "第三批线"),
        ("四环路以内禁止货车通行", "number", "四环"),
        ("5号门每日8时开放", "number", "5号"),
        ("市三中开放操场", "number", "三中"),
        ("票价每年30元", "unit", "每年"),
        ("省委第二巡视组派员监督", "organisation", "巡视组"),
        ("封闭路段限速50公里/小时", "number", "50"),
    ],
)
def test_a_notice_told_wrongly(headline: str, kind: str, text: str) -> None:
    assert (kind, text) in flagged(headline, NOTICE)


@pytest.mark.parametrize(
    "headline",
    [
        "第二批线路恢复运营 夜班车仍停运",
        "电影院棋牌室暂停营业 书店可以营业",
        "跨县承运须提前登记",
        "三环路以内禁止货车",
        "3号门8时开放 票价每月30元",
        "市四中开放操场",
        "省委第二督导组：匿名不受理",
    ],
)
def test_the_same_notice_told_rightly(headline: str) -> None:
    assert flagged(headline, NOTICE) == []


def test_the_first_is_the_first_of_its_kind() -> None:
    assert flagged("第一批学生返校", "首批学生返校，第二批学生下周返校。") == []
    assert flagged("第三大城市", "这是全国第三大城市，也是第七大港口。") == []


COLLECTED = (
    "本报讯 2019年年底，市政协视察仓储园。全市热企存粮71.8万吨，可用25天；每天另调1.3万吨。"
    "造林种草合计28.7万亩，占年度任务的61%，其中营造林16.2万亩。市人大常委会听取汇报，程启文深夜检查堤防。"
    "我市为测绘五号07组卫星供件，这是第四次发射，前11个月共发射12次。"
)


@pytest.mark.parametrize(
    ("headline", "kind", "text"),
    [
        ("1.3万吨存粮可用25天", "number", "1.3万"),  # told in the other order
        ("测绘五号02组卫星升空", "number", "02"),
        ("卫星第六次发射", "number", "第六次发"),
        ("省政协视察仓储园", "organisation", "省政协"),
        ("区人大常委会听取汇报", "organisation", "区人大"),
        ("万立群深夜检查堤防", "person", "万立群"),
        ("1月发射12次", "date", "1月"),
        ("2020年委员视察仓储园", "date", "2020年"),
    ],
)
def test_what_belongs_to_something_else_or_nobody(headline: str, kind: str, text: str) -> None:
    found = [(span.kind, span.text) for span in unsupported(headline, COLLECTED, "2020-02-06")]
    assert (kind, text) in found


@pytest.mark.parametrize(
    "headline",
    [
        "71.8万吨存粮可用25天",
        "造林种草28.7万亩 完成任务61%",
        "测绘五号07组卫星升空",
        "第四次发射",
        "市政协视察仓储园 市人大常委会听取汇报",
        "程启文深夜检查堤防",
        "1至11月发射12次",
        "2019年底视察仓储园",
    ],
)
def test_the_same_in_its_place(headline: str) -> None:
    assert unsupported(headline, COLLECTED, "2020-02-06") == ()

"""Issues varied: what papers do and the written issues do not, for training and scoring the page reader.

Articles of several papers on one page, briefs without a headline, boxes, bylines of two lines or none,
headlines broken over lines, more subheads, letters and notices quoted inside a story.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from banmian.data.issue import Article, Block, Headline, Issue

_BOXES = (
    *("相关链接", "链接", "小贴士", "新闻链接", "延伸阅读", "温馨提示", "背景", "新闻多一点", "名词解释"),
    *("记者手记", "快评", "编后", "数说", "■链接", "【小贴士】", "相关新闻"),
)
_NAMES = (
    *("王明", "李晓华", "陈建国", "刘\u3000洋", "赵雪", "孙 磊", "周丽", "吴晓东", "郑\u3000凯"),
    *("冯雨桐", "何静", "罗 勇"),
)
_LETTER = ("各位居民：", "致全体业主的一封信")
_CLAUSES = (
    (
        "一、请不要聚集，出门戴口罩，按时开窗通风。",
        "二、如有发热、咳嗽，请及时拨打社区电话。",
        "三、垃圾请投放到指定地点，违者将公开通报。",
    ),
    ("1.缴费时间为每月1日至15日，逾期不予受理。", "2.请携带身份证原件。"),
)
_SIGNED = ("东街社区居民委员会 2020年3月1日", "业主委员会 2018年11月12日", "县防汛指挥部 2016年7月2日")


def varied(issues: Sequence[Issue], chance: random.Random, number: int) -> Issue:
    """A page of articles drawn from one issue or from several, each of them varied."""
    base = chance.choice(issues)
    articles = list(base.articles)
    draw = chance.random()
    if draw < 0.35:
        articles = [chance.choice(chance.choice(issues).articles) for _ in range(chance.randint(4, 9))]
    elif draw < 0.5:
        articles = chance.sample(articles, chance.randint(1, 3))
        if len(articles) == 1:
            articles = [_pasted(articles[0], chance)]
    elif draw < 0.6:
        chance.shuffle(articles)
    once = {article.lead: article for article in articles}.values()
    made = [part for article in once for part in _boxed(_varied(article, chance, base.paper), chance)]
    numbered = [
        article.model_copy(
            update={
                "id": f"a{at}",
                "blocks": tuple(
                    block.model_copy(update={"id": f"a{at}b{i}"}) for i, block in enumerate(article.blocks, 1)
                ),
            }
        )
        for at, article in enumerate(made, 1)
    ]
    return base.model_copy(update={"id": f"varied-{number}", "articles": tuple(numbered), "furniture": ()})


def _pasted(article: Article, chance: random.Random) -> Article:
    """One article as people paste it: whole, the body alone, or its first paragraphs."""
    if chance.random() < 0.4:
        article = article.model_copy(update={"headline": Headline(), "byline": ""})
    if chance.random() < 0.5:
        article = article.model_copy(update={"blocks": article.blocks[: chance.randint(1, 4)]})
    return article


def _varied(article: Article, chance: random.Random, paper: str) -> Article:
    printed, byline = article.headline, article.byline
    draw = chance.random()
    if byline and draw < 0.25:
        byline = ""
    elif (byline and draw < 0.5) or (not byline and not article.signature and draw < 0.15):
        byline = _byline(chance, paper)
    blocks = list(article.blocks)
    brief = False
    if chance.random() < 0.3 and not article.signature and not _dispatch(blocks):
        lead = (f"{paper}讯 ", "本报讯 ", f"本报讯（记者 {chance.choice(_NAMES)}）")
        blocks[0] = blocks[0].model_copy(update={"text": chance.choice(lead) + blocks[0].text})
        byline = "" if chance.random() < 0.55 else byline
        brief = not byline and chance.random() < 0.25
    if chance.random() < 0.25:
        blocks = _short_paragraph(blocks, chance)
    blocks = _subheads(blocks, chance, more=not article.signature)
    if len(blocks) >= 4 and not article.signature and chance.random() < 0.06:
        _quote(blocks, chance)
    signature = article.signature
    if signature and chance.random() < 0.12:
        signature = signature.split()[-1] if chance.random() < 0.5 else ""
    headline = Headline(
        kicker=() if chance.random() < 0.25 else printed.kicker,
        main=_broken(printed.main, chance),
        deck=() if chance.random() < 0.25 else _broken(printed.deck, chance),
    )
    return Article(
        id=article.id,
        headline=Headline() if brief else headline,
        byline=byline,
        signature=signature,
        captions=article.captions,
        blocks=tuple(blocks),
    )


def _byline(chance: random.Random, paper: str) -> str:
    one, two, three = (chance.choice(_NAMES) for _ in range(3))
    who = f"{chance.choice((paper, '本报', '', '全媒体', '融媒体'))}记者 {one}"
    forms = (
        *(who, f"{who} {two}", f"□{who}", f"（{who}）", f"{who} 通讯员 {two}", f"通讯员 {two}"),
        *(f"{who}\n通讯员 {two} {three}", f"{who} {two}\n实习生 {three}", f"{who} 图／{two}", f"□ {two}"),
    )
    return chance.choice(forms)


def _dispatch(blocks: Sequence[Block]) -> bool:
    return not blocks or blocks[0].text.startswith(("本报讯", "新华社", "据新华社", "中新社"))


def _broken(lines: Sequence[str], chance: random.Random) -> tuple[str, ...]:
    """The lines, at times broken in two as a column's width would."""
    if chance.random() >= 0.12:
        return tuple(lines)
    at = chance.choice((8, 10, 12, 15, 20))
    return tuple(f"{line[:at]}\n{line[at:]}" if len(line) > at + 2 else line for line in lines)


def _short_paragraph(blocks: Sequence[Block], chance: random.Random) -> list[Block]:
    """One paragraph's first sentence as a paragraph of its own."""
    at = chance.choice((0, chance.randrange(len(blocks))))
    cut = blocks[at].text.find("。") + 1
    if not 4 < cut < min(28, len(blocks[at].text)) or blocks[at].role != "body":
        return list(blocks)
    parts = (blocks[at].text[:cut], blocks[at].text[cut:])
    return [
        *blocks[:at],
        *(blocks[at].model_copy(update={"id": f"o{i}", "text": part}) for i, part in enumerate(parts)),
        *blocks[at + 1 :],
    ]


def _subheads(blocks: Sequence[Block], chance: random.Random, *, more: bool) -> list[Block]:
    """Subheads left out, broken in two, or made of a clause of the paragraph that follows, of one line or
    of two throughout the article."""
    draw, lines = chance.random(), chance.choice((1, 1, 2))
    made: list[Block] = []
    since = 0
    for block in blocks:
        since += 1
        if block.role == "subhead":
            since = 0
            if draw < 0.15:
                continue
            if draw < 0.5:
                text = re.sub("[，：]", "\n" if draw < 0.3 else " ", block.text)
                block = block.model_copy(update={"text": text})
        elif draw > 0.6 and more and since > chance.randint(2, 4) and len(blocks) > 4:
            clause = _clause(block.text, chance, lines)
            since = 0
            if clause:
                made.append(Block(id=f"s{len(made)}", role="subhead", text=clause))
        made.append(block)
    return made


def _clause(text: str, chance: random.Random, lines: int) -> str:
    """Clauses of a paragraph as a subhead, mostly with a character or two left out; "" if none fits."""
    clauses = [part for part in re.split("[，。；：、！？“”（）《》]", text) if 6 <= len(part) <= 14]
    if not clauses:
        return ""
    clause = chance.choice(clauses[:8])
    if len(clause) > 8 and chance.random() < 0.6:
        at = chance.randint(1, len(clause) - 3)
        clause = clause[:at] + clause[at + 2 :]
    if chance.random() < 0.2:
        clause = f"“{clause[:3]}”{chance.choice(('，', ''))}{clause[3:]}"
    others = [part for part in clauses if part not in clause]
    if others and lines == 2:
        clause += "\n" + chance.choice(others)[: chance.randint(6, 14)]
    elif others and len(clause) < 9 and chance.random() < 0.3:
        clause += chance.choice(("，", " ")) + chance.choice(others)[:9]
    return clause


def _quote(blocks: list[Block], chance: random.Random) -> None:
    """A letter or a notice with clauses put between two paragraphs, in place."""
    at = chance.randint(1, len(blocks) - 1)
    lines = [chance.choice(_LETTER), *chance.choice(_CLAUSES)]
    if chance.random() < 0.6:
        lines.append(chance.choice(_SIGNED))
    blocks[at:at] = [Block(id=f"q{i}", text=line) for i, line in enumerate(lines)]


def _boxed(article: Article, chance: random.Random) -> list[Article]:
    """At times the article's last paragraphs as a box of their own."""
    count = chance.randint(1, 2)
    fits = len(article.body) >= 4 and not article.signature and article.blocks[-count - 1].role == "body"
    if chance.random() >= 0.06 or not fits:
        return [article]
    box = Article(id="box", headline=Headline(main=(chance.choice(_BOXES),)), blocks=article.blocks[-count:])
    return [article.model_copy(update={"blocks": article.blocks[:-count]}), box]

"""A local body in a headline, 市发改委 or 县农机局: does the article name one of that business?

The full name, the business before 部门 or 系统, or the business in a list (教育、卫健部门) supports the
short name; the business alone does not (据统计 is no 统计局).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from banmian.data.wordlist import alternatives, listed

_HAN = r"\u4e00-\u9fff"
_OF = "[市县区省州旗盟镇]"
_BODY = re.compile(
    rf"(?P<of>{_OF}|国家)"
    rf"(?P<core>[{_HAN}]{{2,8}}?)(?P<end>局(?!长|面|势|限|部(?!署))|厅(?!长)|委员会|委(?![员会书托派屈])"
    r"|集团|公司|医院|保健院|血站|支队|大队|协会|分行|农商行|供电公司|供电局)"
)
_NO_BODY = re.compile(
    "市场|市民|市容|市值|市面|市政府|市委|市长|市级|市里|市内|市属|市直|市中心|市郊|市区|市际|县城|县域|县长|县级|县区|县里|县直|县委"
    "|区域|区块|区间|区内|区长|区委|省内|省级|省道|省会|省委|省长|省区|省市|省直|省际|州长|镇长|国家级|国家公园|市县|区县|旗县|旗下"
)
_PLAIN = re.compile(
    rf"(?P<of>{_OF}|全国)(?P<name>政协|人大|总工会|残联|妇联|文联|工商联|科协|红十字会|纪委监委|法院|检察院|供销社)"
    r"(?!代表|会议|四次|[一二三四五六七八九十]+次|委员|附近)"
)
#: Groups sent or set up for a task: their name is never shortened.
_GROUP = re.compile("巡视组|巡察组|督导组|督察组|联防联控机制|指挥部|领导小组|总指挥部")
_LONG = {
    "政协": "政治协商",
    "人大": "人民代表大会",
    "总工会": "工会",
    "残联": "残疾人联合会",
    "妇联": "妇女联合会",
    "文联": "文学艺术界联合会",
    "科协": "科学技术协会",
    "法院": "法院",
    "检察院": "检察",
    "纪委监委": "纪委",
    "供销社": "供销",
}
_END = alternatives(
    listed("局 委 部 厅 办 署 院 会 门 系统 机关 队 所 公司 集团 中心 站 干部 口 战线 监管 执法 科 处 股")
)
_BEHIND = rf"(?:[{_HAN}]{{0,6}}?(?:{_END})|[、和与及等])"
#: Business under another name.
_ALSO = {
    "公安": "公安|警方|民警|交警",
    "发改": "发展改革|发展和改革|发改",
    "卫健": "卫生健康|卫健",
    "人社": "人力资源|人社|社保",
    "环保": "环境保护|生态环境|环保",
    "生态环境": "生态环境|环保",
    "住建": "住房|住建|城乡建设",
    "城管": "城市管理|城管|综合执法",
    "市场监管": "市场监督|市场监管|工商",
    "交通": "交通",
    "文旅": "文化|旅游|文旅",
}

Body = tuple[int, int, str]
"""Start and end in the headline, and the reason in Chinese."""


def bodies(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Start and end of the local bodies named in a normalised text, and what stands for them elsewhere."""
    for match in _local(text):
        yield match.start(), match.end(), (match["core"] + match["end"],)
    for match in _PLAIN.finditer(text):
        yield match.start(), match.end(), (match["name"], _LONG.get(match["name"], match["name"]))


def _local(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _BODY.finditer(text) if not _NO_BODY.match(text, match.start()))


def departments(headline: str, article: str) -> Iterator[Body]:
    """Local bodies of a normalised headline whose business no body of the normalised article has."""
    for match in _local(headline):
        other = _other_level(match, article)
        if other or not _told(match["core"], article):
            reason = f"文中是“{other}”" if other else f"文中没有“{match.group()}”"
            yield match.start(), match.end(), reason
    for match in _GROUP.finditer(headline):
        if match.group() not in article:
            yield match.start(), match.end(), f"文中没有“{match.group()}”"
    for match in _PLAIN.finditer(headline):
        name = match["name"]
        if name not in article and _LONG.get(name, name) not in article:
            yield match.start(), match.end(), f"文中没有“{match.group()}”"
        elif other := _level_of(match["of"], name, article):
            yield match.start(), match.end(), f"文中是“{other}”"


def _told(core: str, article: str) -> bool:
    """Whether the article names a body of this business, in full or in short, its characters in order."""
    name = rf"[{_HAN}]{{0,3}}?".join(core)
    also = _ALSO.get(core, "")
    return re.search(rf"(?:{name}{'|' + also if also else ''}){_BEHIND}", article) is not None


def _other_level(match: re.Match[str], article: str) -> str:
    """国家统计局 where the article has 市统计局 only: the article's form."""
    return _level_of(match["of"], match["core"] + match["end"], article)


def _level_of(of: str, name: str, article: str) -> str:
    """The article's form of a body that it has on other levels than ``of`` only."""
    found = re.findall(rf"((?:国家|全国|[省市县区州旗]){name})", article)
    return "" if not found or any(other.startswith(of) for other in found) else str(found[0])

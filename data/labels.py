"""The labels of body paragraphs: the one place that fixes their order, ids and Chinese names."""

from __future__ import annotations

from typing import Literal, get_args

Label = Literal["central_directive", "local_meeting", "public_notice", "livelihood_report", "other"]

#: Every label in the order of the classifier's outputs. Shipped weights depend on this order.
LABELS: tuple[Label, ...] = get_args(Label)

#: What a newsroom calls them.
CHINESE: dict[Label, str] = {
    "central_directive": "中央指示",
    "local_meeting": "地方会议",
    "public_notice": "公告通告",
    "livelihood_report": "民生报道",
    "other": "其他",
}

#: The registers a headline can be asked for, with the row of the writer's vocabulary that asks for it.
Register = Literal["quick", "broadcast", "party_daily", "wire", "bulletin", "social"]
REGISTERS: tuple[Register, ...] = get_args(Register)
REGISTER_CHINESE: dict[Register, str] = {
    "quick": "快讯",
    "broadcast": "联播",
    "party_daily": "党报",
    "wire": "通讯社",
    "bulletin": "疫情通报",
    "social": "微博",
}
DEFAULT_REGISTER: Register = "party_daily"

#: The parts of a headline: kicker 引题 (what happened), main 主题, deck 副题 (who was there, what followed).
Part = Literal["kicker", "main", "deck"]
PARTS: tuple[Part, ...] = get_args(Part)

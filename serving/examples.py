"""Examples in the OpenAPI: requests, and what the shipped models answered to them (numbers rounded)."""

from __future__ import annotations

from typing import Any

_LABELLER, _WRITER = "2026.11.25-d6f259", "2026.11.25-676f6e"
_LIBRARY = "本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。"
_MAIN = "三个小区昨晚恢复供水"
_PARAGRAPH = "本报讯 昨日，市水务局组织抢修队连夜更换主管，三个小区2600户居民恢复供水。"
_PAGE = f"{_MAIN}\n本报讯 昨日，市水务局组织抢修队连夜更换主管，\n三个小区2600户居民恢复供水。"

CLASSIFY: dict[str, Any] = {
    "paragraphs": ["市水务局组织抢修队连夜更换主管，三个小区昨晚恢复供水。"],
    "headline": "三个小区昨晚恢复供水",
}
CLASSIFIED: dict[str, Any] = {
    "predictions": [
        {
            "label": "livelihood_report",
            "confidence": 0.9195,
            "probabilities": {
                "central_directive": 0.0194,
                "local_meeting": 0.0245,
                "public_notice": 0.0188,
                "livelihood_report": 0.9195,
                "other": 0.0179,
            },
            "abstained": False,
            "windows": 1,
        }
    ],
    "model": _LABELLER,
    "why": [],
}

HEADLINE: dict[str, Any] = {"texts": [_LIBRARY], "register": "quick", "candidates": 3}
HEADLINES: dict[str, Any] = {
    "headlines": [
        {
            "headline": "市图书馆开放首日接待读者3200人次",
            "supported": True,
            "unsupported": [],
            "method": "model",
            "candidates": [
                "市图书馆开放首日接待读者3200人次",
                "市图书馆开馆首日接待读者3200人次",
                "市图书馆新馆开放首日接待读者3200人次",
            ],
            "kicker": "",
            "deck": "",
            "read": 30,
            "length": 30,
        }
    ],
    "model": _WRITER,
}

SUPPORT: dict[str, Any] = {"text": _LIBRARY, "headline": "图书馆首日接待读者5000人次"}
SUPPORTED: dict[str, Any] = {
    "supported": False,
    "unsupported": [
        {
            "start": 9,
            "end": 13,
            "text": "5000",
            "kind": "number",
            "reason": "文中没有这个数，相近的是“3200人次”",
        }
    ],
}

ANALYZE: dict[str, Any] = {"text": _PAGE, "register": "party_daily"}
ANALYZED: dict[str, Any] = {
    "schema": "banmian.issue/1",
    "id": "page",
    "articles": [
        {
            "id": "a1",
            "headline": {"main": [_MAIN]},
            "blocks": [
                {
                    "id": "a1b1",
                    "role": "body",
                    "text": _PARAGRAPH,
                    "prediction": {
                        "label": "livelihood_report",
                        "confidence": 0.9168,
                        "probabilities": {
                            "central_directive": 0.0222,
                            "local_meeting": 0.0237,
                            "public_notice": 0.0184,
                            "livelihood_report": 0.9168,
                            "other": 0.0189,
                        },
                        "abstained": False,
                        "windows": 1,
                    },
                    "places": [{"start": 11, "end": 51}],
                }
            ],
            "written": {
                "headline": "市水务局抢修队 恢复供水",
                "supported": True,
                "unsupported": [],
                "method": "model",
                "candidates": ["市水务局抢修队 恢复供水"],
                "read": 38,
                "length": 38,
            },
        }
    ],
}

CORRECTION: dict[str, Any] = {
    "schema": "banmian.issue/1",
    "id": "2024-05-06-paper",
    "date": "2024-05-06",
    "articles": [
        {
            "id": "a1",
            "headline": {"main": [_MAIN]},
            "blocks": [
                {
                    "id": "a1b1",
                    "role": "body",
                    "text": _PARAGRAPH,
                    "label": "livelihood_report",
                }
            ],
        }
    ],
}
CORRECTED: dict[str, Any] = {
    "stored": "2024-05-06-paper-d568ff4dc0f2.json",
    "paragraphs": 1,
    "warnings": [],
}

MODELS: dict[str, Any] = {
    "serving": {"labeller": _LABELLER, "writer": _WRITER},
    "versions": [
        {"kind": "labeller", "version": _LABELLER, "published": True},
        {"kind": "writer", "version": _WRITER, "published": True},
    ],
}
READY: dict[str, Any] = {"status": "ready", "labeller": _LABELLER, "writer": _WRITER}

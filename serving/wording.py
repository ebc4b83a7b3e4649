"""Every word the page shows, Chinese and English, and the reader's Chinese for errors that users meet."""

from __future__ import annotations

import re
from typing import Literal

from banmian.data.labels import CHINESE, REGISTER_CHINESE, Label, Register

Language = Literal["zh", "en"]

LABEL_NAMES: dict[Language, dict[Label, str]] = {
    "zh": CHINESE,
    "en": {
        "central_directive": "Central directive",
        "local_meeting": "Local meeting",
        "public_notice": "Public notice",
        "livelihood_report": "Livelihood report",
        "other": "Other",
    },
}
REGISTER_NAMES: dict[Language, dict[Register, str]] = {
    "zh": REGISTER_CHINESE,
    "en": {
        "quick": "Quick news",
        "broadcast": "Broadcast",
        "party_daily": "Party daily",
        "wire": "News wire",
        "bulletin": "Bulletin",
        "social": "Social media",
    },
}

_ZH = {
    "tagline": "读一版报纸：每段是什么，每篇该用什么标题",
    "text": "版面文字",
    "placeholder": "把一个版面、一篇稿件或一段文字粘贴到这里。硬换行、断栏都不要紧。",
    "file": "上传文件…",
    "register": "标题语体",
    "paper": "报纸（可不填）",
    "date": "日期（可不填）",
    "analyze": "分析",
    "example": "示例：一版株洲日报",
    "clear": "清空",
    "json": "下载 JSON",
    "csv": "下载 CSV",
    "articles": "{n} 篇稿件",
    "paragraphs": "{n} 段正文",
    "to_confirm": "{n} 段需编辑确认",
    "all_sure": "各段均有把握",
    "seconds": "用时 {n:.1f} 秒",
    "printed": "原标题",
    "written": "拟标题",
    "no_headline": "版面上没有标题",
    "none_written": "没有正文，未拟标题",
    "by_model": "模型撰写",
    "by_extract": "摘自原文",
    "supported": "文中均有依据",
    "unsupported": "{n} 处文中无据",
    "candidates": "其他备选",
    "part": "据开头 {read} 字拟写（全文 {length} 字），核对用全文",
    "confirm": "需编辑确认",
    "by_hand": "人工：{label}",
    "windows": "长段分 {n} 次读完",
    "caption": "图片说明",
    "furniture": "报头、版次等版面文字",
    "article": "第 {n} 篇",
    "problem": "没能分析",
    "expected": "需要",
    "found": "收到",
    "where": "位置",
    "remedy": "怎么办",
    "reference": "接口文档",
    "check": "核对标题",
    "check_help": "写下自己的标题，对照上面选定的稿件，标出文中没有依据的数字、日期、人名、地名和机构名。",
    "check_article": "稿件",
    "check_headline": "标题",
}
_EN = {
    "tagline": "Reads a newspaper page: what each paragraph is, and a headline for each article",
    "text": "Text of the page",
    "placeholder": "Paste a page, an article or a paragraph. Hard line breaks and column breaks do no harm.",
    "file": "Upload a file…",
    "register": "Register of the headlines",
    "paper": "Paper (optional)",
    "date": "Date (optional)",
    "analyze": "Analyse",
    "example": "Example page",
    "clear": "Clear",
    "json": "Download JSON",
    "csv": "Download CSV",
    "articles": "{n} articles",
    "paragraphs": "{n} paragraphs",
    "to_confirm": "{n} for an editor to confirm",
    "all_sure": "none in doubt",
    "seconds": "{n:.1f} s",
    "printed": "Printed",
    "written": "Written",
    "no_headline": "No headline on the page",
    "none_written": "No body, so no headline was written",
    "by_model": "by the model",
    "by_extract": "extracted",
    "supported": "supported by the article",
    "unsupported": "{n} not supported",
    "candidates": "other candidates",
    "part": "written from the first {read} of {length} characters, checked against all",
    "confirm": "for an editor to confirm",
    "by_hand": "by hand: {label}",
    "windows": "read in {n} windows",
    "caption": "Caption",
    "furniture": "Printed outside any article",
    "article": "Article {n}",
    "problem": "Not analysed",
    "expected": "Expected",
    "found": "Found",
    "where": "Where",
    "remedy": "What to do",
    "reference": "REST reference",
    "check": "Check a headline",
    "check_help": "Write a headline of your own: numbers, dates, people, places and organisations that the "
    "chosen article does not support are marked.",
    "check_article": "Article",
    "check_headline": "Headline",
}
WORDS: dict[Language, dict[str, str]] = {"zh": _ZH, "en": _EN}

# Errors are written in English once, where they arise. The page's readers read Chinese: these are the
# ones a person at the page can cause. What is not listed is shown as it is.
_ERRORS_ZH: tuple[tuple[str, str], ...] = (
    (r"text with something printed in it", "有内容的文字"),
    (r"nothing but blanks", "只有空白"),
    (r"nothing", "什么也没有"),
    (r"Paste a page, an article or a paragraph\.", "请粘贴一个版面、一篇稿件或一段文字。"),
    (r"at most (\d+) bytes", r"不超过 \1 字节"),
    (r"Send less at once\.", "请分几次提交。"),
    (r"the text of a page", "版面上的文字"),
    (r"Paste or choose a page with text\.", "请粘贴或选择有文字的版面。"),
    (r"at most ([\d,]+) bytes of text for a page", r"一个版面不超过 \1 字节"),
    (r"a file of at most ([\d,]+) bytes", r"不超过 \1 字节的文件"),
    (r"([\d,]+) bytes", r"\1 字节"),
    (r"Send the pages one by one\.", "请一版一版地提交。"),
    (r"Send a smaller file\.", "请换一个小些的文件。"),
    (r"a file that ends in (.+)", r"后缀为 \1 的文件"),
    (r"Save it as one of these\.", "请存成其中一种再试。"),
    (r"text in UTF-8 or GB 18030", "UTF-8 或 GB 18030 编码的文字"),
    (r"byte (0x\w\w) at offset (\d+)", r"第 \2 字节处的 \1"),
    (r"Save the file as UTF-8 text\.", "请存为 UTF-8 文本再试。"),
    (r"a PDF of at most (\d+) pages", r"不超过 \1 页的 PDF"),
    (r"(\d+) pages", r"\1 页"),
    (r"a PDF with text in it", "带文字的 PDF"),
    (r"a PDF file that opens without a password", "没有密码、能打开的 PDF"),
    (
        r"It may hold pictures of pages: export them as PNG and send these\.",
        "它可能是扫描件：请导出为 PNG 再上传。",
    ),
    (r"a PNG or JPEG picture", "PNG 或 JPEG 图片"),
    (r"a picture of text", "有文字的图片"),
    (r"none|no text in it", "没有文字"),
    (r"Scan the page at 150 dpi or more\.", "请用 150 dpi 以上扫描。"),
    (r"(\S+) for (?:reading )?(.+)", r"读取 \2 的组件 \1"),
    (r"an installation without it", "服务器上没有安装"),
    (r"Install it with: (.+)", r"请管理员安装：\1"),
    (r"JSON of ordinary depth and numbers", "层次和数字正常的 JSON"),
    (r"something else", "别的内容"),
    (r"at most (\d+) inputs waiting", r"排队的请求不超过 \1 个"),
    (r"(\d+) already waiting", r"已有 \1 个"),
    (r"Try again in (\d+) s\.", r"请 \1 秒后再试。"),
    (r"an answer within ([\d.]+) s", r"\1 秒内完成"),
    (r"a queue that is slower", "没能及时完成"),
    (r"Send less, or allow more time\.", "请减少一次提交的文字，或稍后再试。"),
    (r"Unicode text", "完整的 Unicode 文字"),
    (r"half of a character \((.+)\) at character (\d+)", r"第 \2 个字符是半个字符（\1）"),
    (r"Send the text as UTF-8\.|Save the file as UTF-8\.", "请存为 UTF-8 再试。"),
    (r"loaded models", "模型已经载入"),
    (r"models that are still loading", "模型还在载入"),
    (r"Try again when /readyz answers 200\.", "请过几秒再试。"),
    (r"models that could not be loaded: (.+)", r"模型载入失败：\1"),
    (r"Mend that and restart\.", "请管理员排除故障后重启。"),
    (r"an answer", "一个结果"),
    (r"a fault of the server", "服务器内部故障"),
    (r"Report it with the X-Request-Id\.", "请把这段文字和时间告诉管理员。"),
    (r"text", "粘贴的文字"),
    (r"file", "上传的文件"),
    (r"headline", "标题"),
    (r"date", "日期"),
    (r"a date as YYYY-MM-DD", "形如 2020-02-13 的日期"),
    (r"Correct it or leave it empty\.", "请改正，或留空。"),
)


def in_language(sentence: str, language: Language) -> str:
    """A part of an error in the reader's language, where there is a wording for it."""
    if language == "zh":
        for pattern, chinese in _ERRORS_ZH:
            if match := re.fullmatch(pattern, sentence, re.DOTALL):
                return match.expand(chinese)
    return sentence

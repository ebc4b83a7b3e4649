"""An analysed issue as plain text or as a CSV table, the same for the command and the page's downloads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from banmian.data.issue import Issue
from banmian.data.labels import CHINESE

COLUMNS = (
    "issue",
    "article",
    "printed_headline",
    "written_headline",
    "supported",
    "block",
    "role",
    "label",
    "label_zh",
    "confidence",
    "to_confirm",
    "text",
)
# A spreadsheet runs a cell that begins so as a formula, and the text comes from strangers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def issues_csv(issues: Sequence[Issue]) -> str:
    """One row per block, in page order, with a heading line."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for issue in issues:
        for article in issue.articles:
            written = article.written
            for block in article.blocks:
                prediction = block.prediction
                label = prediction.label if prediction else block.label
                row = (
                    issue.id,
                    article.id,
                    article.headline.text,
                    written.headline if written else "",
                    "" if written is None else str(written.supported).lower(),
                    block.id,
                    block.role,
                    label or "",
                    CHINESE[label] if label else "",
                    f"{prediction.confidence:.4f}" if prediction else "",
                    str(prediction.abstained).lower() if prediction else "",
                    block.text,
                )
                table.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()


def issue_text(issue: Issue) -> str:
    """The issue to be read in a terminal: headlines, then every paragraph behind its label."""
    lines = [" ".join(filter(None, (issue.id, issue.paper, issue.date)))]
    for article in issue.articles:
        doubt = "（需编辑确认）" if article.doubts else ""
        lines += ["", f"■ {article.headline.text or '（无标题）'}{doubt}"]
        if article.written:
            marks = "；".join(f"{span.text}：{span.reason}" for span in article.written.unsupported)
            lines.append(f"  拟 {article.written.headline}{f'  ⚠ {marks}' if marks else ''}")
        lines += [f"  {line}" for line in (article.byline, article.dateline) if line]
        for block in article.blocks:
            if block.role == "subhead":
                lines.append(f"  ◆ {block.text}")
                continue
            prediction = block.prediction
            label = prediction.label if prediction else block.label
            name = CHINESE[label] if label else "未标注"
            sure = f" {prediction.confidence:.0%}" if prediction else ""
            doubt = " 需编辑确认" if prediction and prediction.abstained else ""
            lines.append(f"  [{name}{sure}{doubt}] {block.text}")
        lines += [f"  {article.signature}"] if article.signature else []
        lines += [f"  图 {caption}" for caption in article.captions]
    return "\n".join(lines) + "\n"

"""An analysed issue with the headlines that an editor has put in the place of the written ones."""

from __future__ import annotations

from collections.abc import Mapping

from banmian.data.facts import unsupported
from banmian.data.issue import Article, Issue
from banmian.serving.desk import article_text


def edited(issue: Issue, headlines: Mapping[str, str]) -> Issue:
    """``issue`` with other written headlines by the id of their article, each held against its article.

    A blank one, one for an article without a written headline, and one as it was written change nothing;
    ``issue`` itself stays as it is.
    """
    articles = tuple(
        _with_headline(article, headlines.get(article.id, "").strip(), issue.date)
        for article in issue.articles
    )
    return issue.model_copy(update={"articles": articles})


def _with_headline(article: Article, headline: str, date: str) -> Article:
    written = article.written
    if written is None or headline in ("", written.headline):
        return article
    spans = unsupported(headline, article_text(article), date)
    change = {"headline": headline, "supported": not spans, "unsupported": spans}
    if headline not in written.candidates:
        change["method"] = "editor"
    return article.model_copy(update={"written": written.model_copy(update=change)})

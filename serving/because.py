"""Why a paragraph got its label, as HTML for the page: every character of the user's escaped."""

from __future__ import annotations

from collections.abc import Sequence

from banmian.serving.neighbours import Neighbour
from banmian.serving.view import text_html
from banmian.serving.why import Part, Why
from banmian.serving.wording import LABEL_NAMES, WORDS, Language


def why_html(why: Why, language: Language = "zh") -> str:
    """The paragraph with what decided marked, what the context counted for, and the nearest paragraphs."""
    return (
        f"<p class='bm-because-text'>{_marked(why)}</p>"
        f"<p class='bm-note'>{_context(why, language)}</p>{_neighbours(why.neighbours, language)}"
    )


def _marked(why: Why) -> str:
    """Clauses tinted by weight, the words that speak for the label in bold; titles give the numbers."""
    most = max((abs(clause.weight) for clause in why.clauses), default=0.0) or 1.0
    strongest = max((word.weight for word in why.words), default=0.0)
    out = []
    for clause in why.clauses:
        inside = [word for word in why.words if clause.start <= word.start and word.end <= clause.end]
        share = max(0.0, clause.weight / most)
        out.append(
            f"<mark class='bm-clause' style='--w:{share:.2f}' title='{clause.weight:+.2f}'>"
            f"{_bold(clause, inside, strongest / 2)}</mark>"
        )
    return "".join(out)


def _bold(clause: Part, words: Sequence[Part], least: float) -> str:
    out, at = [], clause.start
    for word in words:
        if word.weight <= 0 or word.weight < least:
            continue
        out.append(text_html(clause.text[at - clause.start : word.start - clause.start]))
        out.append(f"<b title='{word.weight:+.2f}'>{text_html(word.text)}</b>")
        at = word.end
    return "".join([*out, text_html(clause.text[at - clause.start :])])


def _context(why: Why, language: Language) -> str:
    words = WORDS[language]
    weights = (("why_headline", why.headline), ("why_lead", why.lead), ("why_article", why.article))
    told = [f"{words[name]} {weight:+.2f}" for name, weight in weights if weight is not None]
    return " · ".join([*told, words["why_help"]])


def _neighbours(found: tuple[Neighbour, ...] | None, language: Language) -> str:
    words, names = WORDS[language], LABEL_NAMES[language]
    if found is None:
        return f"<p class='bm-note'>{words['neighbours_wait']}</p>"
    rows = "".join(
        f"<li class='bm-{near.label}'><span class='bm-chip'>{names[near.label]}</span> "
        f"<b>{text_html(near.headline)}</b> <span class='bm-note'>{near.similarity:.2f}</span>"
        f"<p>{text_html(near.text)}</p></li>"
        for near in found
    )
    return f"<p class='bm-which'>{words['neighbours']}</p><ul class='bm-neighbours'>{rows}</ul>"

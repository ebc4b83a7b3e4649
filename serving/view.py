"""An analysed issue as HTML: pure functions, every character of the user's escaped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import zip_longest

from banmian.data.issue import Article, Block, Doubt, Headline, Issue, Prediction, Span, Written
from banmian.data.labels import LABELS, Label
from banmian.serving.nearest import Near, nearest
from banmian.serving.schemas import MAX_HEADLINE_CHARS
from banmian.serving.wording import LABEL_NAMES, WORDS, Language, in_language

# Below this text recognition is said to be unsure. At 100 dpi 32 of 33 paragraphs of a written page were over
# .988 and at most 2% of a paragraph misread; blurred, at 80 dpi, four of seven were below .98, all misread.
LOW_RECOGNITION = 0.98
_NEAR_CHARS = 40
# Escaped or not, a browser shows these as nothing or as boxes; lone surrogates cannot even be sent.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def text_html(text: str) -> str:
    """A user's text, escaped, without what cannot be shown."""
    return escape(_UNSHOWABLE.sub("", text))


def masthead_html(language: Language = "zh") -> str:
    """The page's nameplate."""
    tagline = WORDS[language]["tagline"]
    return f"<div class='bm-masthead'><h1>版面 <small>banmian</small></h1><p>{tagline}</p></div>"


def foot_html(language: Language = "zh") -> str:
    """The page's last line."""
    return f"<p class='bm-foot'><a href='docs'>{WORDS[language]['reference']}</a></p>"


def issue_html(
    issue: Issue,
    language: Language = "zh",
    seconds: float | None = None,
    where: Mapping[str, str] | None = None,
) -> str:
    """The whole issue: summary bar, then every article, then what stands outside the articles.

    ``where`` says in words where blocks stand on their page; those become buttons that show it.
    """
    words = WORDS[language]
    articles = "".join(
        article_html(article, number, language, where) for number, article in enumerate(issue.articles, 1)
    )
    furniture = "".join(f"<p>{text_html(line)}</p>" for line in issue.furniture)
    outside = f"<details class='bm-furniture'><summary>{words['furniture']}</summary>{furniture}</details>"
    shown = f"{summary_html(issue, language, seconds)}{articles}{outside if furniture else ''}"
    return f"<div class='bm-issue' data-date='{text_html(issue.date)}'>{shown}</div>"


def summary_html(issue: Issue, language: Language = "zh", seconds: float | None = None) -> str:
    """How many articles, how many paragraphs of each label as one coloured bar, how many to confirm."""
    words, names = WORDS[language], LABEL_NAMES[language]
    blocks = [block for _, block in issue.body()]
    counts: Counter[Label] = Counter(label for block in blocks if (label := _label(block)))
    doubtful = sum(1 for block in blocks if block.prediction and block.prediction.abstained)
    facts = [words["articles"].format(n=len(issue.articles)), words["paragraphs"].format(n=len(blocks))]
    facts += [words["to_confirm"].format(n=doubtful) if doubtful else words["all_sure"]] if blocks else []
    marked = sum(1 for article in issue.articles if article.doubts)
    facts += [words["articles_to_confirm"].format(n=marked)] if marked else []
    facts += [words["seconds"].format(n=seconds)] if seconds is not None else []
    title = " ".join(filter(None, (issue.paper, issue.date))) or issue.source
    bar = "".join(
        f"<i class='bm-{label}' style='flex-grow:{counts[label]}' title='{names[label]} {counts[label]}'></i>"
        for label in LABELS
        if counts[label]
    )
    legend = "".join(
        f"<span class='bm-key'><i class='bm-{label}'></i>{names[label]} <b>{counts[label]}</b></span>"
        for label in LABELS
    )
    return (
        "<section class='bm-summary'>"
        f"<p class='bm-facts'>{f'<b>{text_html(title)}</b>' if title else ''}"
        f"{''.join(f'<span>{fact}</span>' for fact in facts)}</p>"
        f"<div class='bm-stack'>{bar}</div><p class='bm-legend'>{legend}</p></section>"
    )


def article_html(
    article: Article, number: int, language: Language = "zh", where: Mapping[str, str] | None = None
) -> str:
    """One article: printed and written headline side by side, then its lines in reading order."""
    words = WORDS[language]
    blocks = "".join(block_html(block, language, where) for block in article.blocks)
    captions = "".join(
        f"<figcaption><b>{words['caption']}</b> {text_html(caption)}</figcaption>"
        for caption in article.captions
    )
    written = written_html(article.written, language, [block.text for block in article.body])
    lines = {name: text_html(getattr(article, name)) for name in ("byline", "dateline", "signature")}
    place = {name: f"<p class='bm-{name}'>{line}</p>" if line else "" for name, line in lines.items()}
    return (
        f"<article class='bm-article' data-article='{text_html(article.id)}'>"
        f"<header><p class='bm-number'>{words['article'].format(n=number)}</p>"
        f"<div class='bm-heads'>{printed_html(article.headline, language)}"
        f"{written}</div>{doubts_html(article.doubts, language)}</header>"
        f"{place['byline']}{place['dateline']}{blocks}{place['signature']}{captions}</article>"
    )


def doubts_html(doubts: Sequence[Doubt], language: Language = "zh") -> str:
    """The request that an editor confirm an article's labels together, with the reasons."""
    if not doubts:
        return ""
    words = WORDS[language]
    told = "；".join(words[f"doubt_{doubt}"] for doubt in doubts)
    return f"<p class='bm-confirm' role='note'>{words['confirm']} · {told}</p>"


def printed_html(headline: Headline, language: Language = "zh") -> str:
    """The headline as the page prints it, kicker above and deck below."""
    words = WORDS[language]
    parts = [
        f"<p class='bm-{part}'>{text_html(line)}</p>"
        for part in ("kicker", "main", "deck")
        for line in getattr(headline, part)
    ]
    body = "".join(parts) or f"<p class='bm-none'>{words['no_headline']}</p>"
    return f"<div class='bm-printed'><p class='bm-which'>{words['printed']}</p>{body}</div>"


def written_html(written: Written | None, language: Language = "zh", paragraphs: Sequence[str] = ()) -> str:
    """The written headline, to be edited: what the article's ``paragraphs`` do not support is underlined.

    The browser lays a text field over the marked headline and has both held against the article anew while
    somebody types (``static/page.js``).
    """
    words = WORDS[language]
    head = f"<p class='bm-which'>{words['written']}"
    if written is None:
        return f"<div class='bm-written'>{head}</p><p class='bm-none'>{words['none_written']}</p></div>"
    method = words[f"by_{written.method}"]
    others = [text_html(text) for text in written.candidates if text != written.headline]
    more = "".join(f"<li><button type='button' class='bm-candidate'>{text}</button></li>" for text in others)
    read, length = written.read or 0, written.length or 0
    part = f"<p class='bm-note'>{words['part'].format(read=read, length=length)}</p>" if read < length else ""
    near = nearest(written.unsupported, written.headline, paragraphs)
    told = support_html(written.unsupported, language, near)
    return (
        f"<div class='bm-written' data-language='{language}'>{head}<span>{method}</span>"
        f"<button type='button' class='bm-copy' data-done='{words['copied']}'>{words['copy']}</button>"
        f"<button type='button' class='bm-restore' hidden>{words['restore']}</button></p>"
        f"{_editor_html(written, language)}<div class='bm-told' aria-live='polite'>{told}</div>{part}"
        + (f"<details><summary>{words['candidates']}</summary><ul>{more}</ul></details>" if more else "")
        + "</div>"
    )


def _editor_html(written: Written, language: Language) -> str:
    """A text field, and under it the same headline with its marks."""
    help_, text = WORDS[language]["edit"], text_html(written.headline)
    return (
        "<div class='bm-edit'><div class='bm-main bm-under' aria-hidden='true'>"
        f"{marked_html(written.headline, written.unsupported, language)}</div>"
        f"<textarea class='bm-main bm-over' rows='1' maxlength='{MAX_HEADLINE_CHARS}' spellcheck='false' "
        f"autocomplete='off' aria-label='{help_}' title='{help_}'>{text}</textarea></div>"
    )


def support_html(
    unsupported: Sequence[Span], language: Language = "zh", near: Sequence[Near | None] = ()
) -> str:
    """Whether everything is supported, and if not, every place with its reason and what comes nearest."""
    words = WORDS[language]
    if not unsupported:
        return f"<p class='bm-support bm-good'>{words['supported']}</p>"
    reasons = "".join(
        f"<li><mark>{text_html(span.text)}</mark> {text_html(in_language(span.reason, language))}"
        f"{_near_html(place, language) if place not in near[:number] else ''}</li>"
        for number, (span, place) in enumerate(zip_longest(unsupported, near))
    )
    told = words["unsupported"].format(n=len(unsupported))
    return f"<p class='bm-support bm-bad'>{told}</p><ul class='bm-reasons'>{reasons}</ul>"


def _near_html(near: Near | None, language: Language) -> str:
    """A button that shows the place in its paragraph."""
    if near is None:
        return ""
    words = WORDS[language]
    where = f"data-paragraph='{near.paragraph}' data-start='{near.start}' data-end='{near.end}'"
    text = text_html(near.text if len(near.text) <= _NEAR_CHARS else near.text[:_NEAR_CHARS] + "…")
    said = words["near"].format(n=near.paragraph + 1)
    return f" <button type='button' class='bm-near' {where}>{said}<q>{text}</q></button>"


def marked_html(headline: str, spans: Sequence[Span], language: Language = "zh") -> str:
    """A headline with each unsupported span in ``<mark title=reason>``; overlapping spans share one mark."""
    out, at = [], 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        start, end = max(span.start, at), min(span.end, len(headline))
        if start >= end:
            continue
        out.append(text_html(headline[at:start]))
        reason = text_html(in_language(span.reason, language))
        out.append(f"<mark title='{reason}'>{text_html(headline[start:end])}</mark>")
        at = end
    return "".join([*out, text_html(headline[at:])])


def block_html(block: Block, language: Language = "zh", where: Mapping[str, str] | None = None) -> str:
    """A subhead, or a paragraph with its label, confidence and, if the labeller abstained, the request.

    Text whose place on the page can be shown takes the focus, so that Enter shows it as a click does.
    """
    placed = where is not None and block.id in where
    text = f"class='bm-text{' bm-placed' if placed else ''}'{' tabindex=0' if placed else ''}"
    held = f" data-block='{text_html(block.id)}'" if placed else ""
    if block.role == "subhead":
        return f"<div class='bm-subhead'{held}><h4 {text}>{text_html(block.text)}</h4></div>"
    label, doubtful = _label(block), block.prediction is not None and block.prediction.abstained
    colour = f" bm-{label}{' bm-doubtful' if doubtful else ''}" if label else ""
    gutter = _gutter_html(block, label, language) + _where_html(block, where, language)
    return (
        f"<div class='bm-par{colour}'{held}><div class='bm-gutter'>{gutter}</div>"
        f"<p {text}>{text_html(block.text)}</p>{_why_html(block.prediction, language)}</div>"
    )


def _gutter_html(block: Block, label: Label | None, language: Language) -> str:
    """What stands beside a paragraph: its label, how sure that is, and how sure the text itself is."""
    words, names = WORDS[language], LABEL_NAMES[language]
    gutter = f"<span class='bm-chip'>{names[label]}</span>" if label else ""
    if prediction := block.prediction:
        percent = round(prediction.confidence * 100)
        odds = " · ".join(f"{names[k]} {v:.0%}" for k, v in prediction.probabilities.items())
        odds += f" · {words['windows'].format(n=prediction.windows)}" if prediction.windows > 1 else ""
        gutter += (
            f"<span class='bm-bar' title='{odds}'><i style='width:{percent}%'></i></span>"
            f"<span class='bm-percent'>{percent}%</span>"
        )
        if prediction.abstained:
            gutter += f"<span class='bm-confirm'>{words['confirm']}</span>"
        if block.label and block.label != prediction.label:
            gutter += f"<span class='bm-note'>{words['by_hand'].format(label=names[block.label])}</span>"
    if unsure(block):
        told = words["recognition"].format(percent=int((block.recognition or 0) * 100))
        gutter += f"<span class='bm-unsure' title='{words['recognition_help']}'>{told}</span>"
    return gutter


def unsure(block: Block) -> bool:
    """Whether text recognition was so little sure of the block that its letters should be looked at."""
    return block.recognition is not None and block.recognition < LOW_RECOGNITION


def _where_html(block: Block, where: Mapping[str, str] | None, language: Language) -> str:
    """Where the block stands, as a button for mouse and touch; the keyboard has the text itself."""
    if where is None or block.id not in where:
        return ""
    title = WORDS[language]["show_place"]
    return f"<button type='button' class='bm-where' tabindex='-1' title='{title}'>{where[block.id]}</button>"


def _why_html(prediction: Prediction | None, language: Language) -> str:
    """What unfolds to the reasons, which are fetched only then."""
    if prediction is None:
        return ""
    word = WORDS[language]["why"]
    said = f"data-label='{prediction.label}' data-confidence='{prediction.confidence:.6f}'"
    return (
        f"<details class='bm-why' {said} data-language='{language}'><summary>{word}</summary>"
        "<div class='bm-because' aria-live='polite'></div></details>"
    )


def problem_html(problem: Mapping[str, str], language: Language = "zh", title: str = "problem") -> str:
    """An error as a friendly box: what was expected, what came, where, what to do; ``title`` is its word."""
    words = WORDS[language]
    rows = "".join(
        f"<dt>{words[part]}</dt><dd>{text_html(in_language(problem[part], language))}</dd>"
        for part in ("expected", "found", "where", "remedy")
        if problem.get(part)
    )
    return f"<div class='bm-problem' role='alert'><h3>{words[title]}</h3><dl>{rows}</dl></div>"


def _label(block: Block) -> Label | None:
    return block.prediction.label if block.prediction else block.label

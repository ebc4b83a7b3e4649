"""The reader's mistakes on development pages, by kind and by page: what to mend next.

Held-out layouts and issues are only ever scored: whoever reads their mistakes tunes on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from banmian.data.bench import layouts, render, spread
from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.mistakes import Mistake, mistakes
from banmian.data.page import read_page
from banmian.data.shipped import written_issues


def listed_mistakes(stride: int = 8, kinds: int = 25, worst: int = 8) -> str:
    """The commonest kinds of mistakes with two examples each, and the pages with most of them.

    Args:
        stride: each development layout prints one in ``stride`` development issues.
        kinds, worst: at most so many kinds and pages.
    """
    pages = list(_pages(stride))
    count = Counter(mistake.kind for _, found in pages for mistake in found)
    lines = [f"Mistakes on {len(pages)} development pages: {count.total()}"]
    for kind, times in count.most_common(kinds):
        examples = [one.around for _, found in pages for one in found if one.kind == kind][:2]
        lines += [f"{times:5d} {kind}", *(f"          {around}" for around in examples)]
    for page, found in sorted(pages, key=lambda one: -len(one[1]))[:worst]:
        lines += [f"{page}: {len(found)}", *(f"      {one.kind}  {one.around}" for one in found)]
    return "\n".join(lines)


def _pages(stride: int) -> Iterator[tuple[str, list[Mistake]]]:
    issues = [issue for issue in written_issues() if issue.id not in HELD_OUT_ISSUES]
    for issue, layout in spread(issues, layouts("development"), stride):
        text = render(issue, layout)
        yield f"{issue.id}, {layout}", mistakes(read_page(text), issue, text)

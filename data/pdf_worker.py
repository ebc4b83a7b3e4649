"""What PDFium gives of a PDF, taken out in a process of its own that may not grow or run for ever.

PDFium is C++ that reads what strangers made: a stream of a megabyte unpacks to gigabytes, and a broken file
may end the process. So the file is opened here, under a limit of memory and time, and the server lives on.
Standard input is the file; standard output is one line of JSON with the number of pages or the problem, and
then one line a page, or the pixels of a rendered one.

    python -m banmian.data.pdf_worker MEMORY_BYTES SECONDS MAX_PAGES [render PAGE MAX_PIXELS DPI]
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import astuple
from typing import Any

from banmian.data.geometry_runs import runs_of
from banmian.data.pdf_glyphs import Turn, covered, drawn, glyphs_of
from banmian.data.pdf_limits import MAX_RUNS, TooMuchError, limit

#: A page under a picture with fewer characters than this is a scan with a stamp of the program that made it.
_FEWEST = 100


def main(arguments: list[str]) -> int:
    """Answer one request; the exit status is 0 also for a file that is refused."""
    memory, seconds, most = (int(value) for value in arguments[:3])
    limit(memory, seconds)
    raw = sys.stdin.buffer.read()
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as problem:
        why = "encrypted" if "assword" in str(problem) else "broken"
        return _say({"problem": why, "told": str(problem)[:120]})
    count = len(document)
    if count > most:
        return _say({"problem": "pages", "pages": count})
    try:
        if arguments[3:4] == ["render"]:
            return _render(document, *(int(value) for value in arguments[4:7]))
        _say({"pages": count})
        for number in range(count):
            _say(_sheet(document[number]))
    except pypdfium2.PdfiumError as problem:
        return _say({"problem": "broken", "told": str(problem)[:120]})
    except TooMuchError as problem:
        return _say({"problem": "much", "told": str(problem)})
    return 0


def _say(answer: dict[str, Any], pixels: bytes = b"") -> int:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + pixels)
    sys.stdout.buffer.flush()
    return 0


def _render(document: Any, number: int, most_pixels: int, dpi: int) -> int:
    page = document[number]
    width, height = page.get_size()
    scale = min(dpi / 72, math.sqrt(most_pixels / max(1.0, width * height)))
    bitmap = page.render(scale=scale, rev_byteorder=True, draw_annots=False)
    pixels = bitmap.to_numpy()[:, :, :3]
    return _say({"shape": [int(size) for size in pixels.shape]}, pixels.tobytes())


def _sheet(page: Any) -> dict[str, Any]:
    """A page as the fields of a Sheet; no runs where its characters cannot be read."""
    turn = Turn(page)
    words = page.get_textpage()
    try:
        glyphs = list(glyphs_of(words, turn))
    finally:
        words.close()
    printed = [glyph.text for glyph in glyphs if glyph.text.strip()]
    # Fonts without a way back to Unicode: what comes out is no text, and recognition reads the page.
    strange = sum(text == "\ufffd" or "\ue000" <= text <= "\uf8ff" for text in printed)
    scanned = len(printed) < _FEWEST and covered(page, turn) > 0.5
    runs = runs_of(glyphs) if strange <= 0.5 * len(printed) and not scanned else []
    if len(runs) > MAX_RUNS:
        raise TooMuchError(f"{len(runs):,} stretches of text on one page")
    rules, frames, pictures = drawn(page, turn)
    page.close()
    return {
        "width": turn.width,
        "height": turn.height,
        "runs": [astuple(run) for run in runs],
        "rules": rules,
        "frames": frames,
        "pictures": pictures,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

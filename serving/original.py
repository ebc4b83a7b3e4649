"""The uploaded PDFs and pictures behind the page's analyses, and a side of one as a picture to look at."""

from __future__ import annotations

import io
import secrets
import time
from pathlib import Path

from PIL import Image, ImageOps

from banmian.data.errors import BanmianError
from banmian.data.files import PDF, PICTURE
from banmian.data.pdf import render_page

#: The longer side of what is shown, in pixels. On a broadsheet (545 mm) that is 103 dpi: body type can just
#: be read, and a side weighs a megabyte at most.
MAX_SIDE = 2200
_QUALITY = 70
_GONE = BanmianError("an upload of the last hour", "one that is gone", "", "Upload the file again.")


class Originals:
    """Where uploads lie, under names that nobody guesses, for ``kept_s`` seconds."""

    def __init__(self, kept_s: float) -> None:
        self._kept_s = kept_s
        self._paths: dict[str, tuple[float, Path]] = {}

    def keep(self, path: Path) -> str | None:
        """A name for the upload at ``path``; None where it has no sides to be looked at."""
        oldest = time.monotonic() - self._kept_s
        self._paths = {name: kept for name, kept in self._paths.items() if kept[0] >= oldest}
        if path.suffix.lower() not in PDF + PICTURE:
            return None
        name = secrets.token_urlsafe(16)
        self._paths[name] = (time.monotonic(), path)
        return name

    def side(self, name: str, number: int) -> bytes:
        """Side ``number``, from 1, of a kept upload as a JPEG file; a picture has one side.

        Raises:
            BanmianError: nothing is kept under that name, or it has no such side or cannot be shown.
            MissingExtraError: the ``scan`` extra is not installed.
        """
        kept = self._paths.get(name)
        if kept is None or not kept[1].exists():
            raise _GONE
        path = kept[1]
        picture = _pdf_side(path, number) if path.suffix.lower() in PDF else _picture(path)
        picture.thumbnail((MAX_SIDE, MAX_SIDE))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=_QUALITY)
        return out.getvalue()


def _pdf_side(path: Path, number: int) -> Image.Image:
    pixels, (height, width, _) = render_page(path.read_bytes(), path.name, number - 1)
    return Image.frombytes("RGB", (width, height), pixels)


def _picture(path: Path) -> Image.Image:
    picture = Image.open(path)
    picture.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is decoded small at once
    return ImageOps.exif_transpose(picture)  # as the reader does, whose boxes these are

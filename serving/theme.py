"""The page's look and script: paper and ink, in fonts that the reader has, so that nothing is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

STYLESHEET = Path(__file__).parent / "static" / "page.css"
SCRIPT = Path(__file__).parent / "static" / "page.js"

_SANS = ["system-ui", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "monospace"]
_PAPER, _SHEET, _WASH, _INK, _RULE = "#f7f4ec", "#fffdf8", "#f4efe3", "#201c17", "#d9d1c0"
_NIGHT, _NIGHT_SHEET, _NIGHT_WASH, _NIGHT_INK, _NIGHT_RULE = (
    "#161411",
    "#1e1b17",
    "#2b2721",
    "#e9e4da",
    "#3a352d",
)
_RED, _RED_OVER, _RED_NIGHT = "#8c1d18", "#a32620", "#a3362f"


def newspaper() -> gr.themes.Base:
    """The theme, by day and by night."""
    import gradio as gr

    return gr.themes.Base(font=_SANS, font_mono=_MONO, primary_hue="stone", neutral_hue="stone").set(
        body_background_fill=_PAPER,
        body_background_fill_dark=_NIGHT,
        body_text_color=_INK,
        body_text_color_dark=_NIGHT_INK,
        background_fill_primary=_SHEET,
        background_fill_primary_dark=_NIGHT_SHEET,
        block_background_fill=_SHEET,
        block_background_fill_dark=_NIGHT_SHEET,
        block_border_color=_RULE,
        block_border_color_dark=_NIGHT_RULE,
        block_label_background_fill=_SHEET,
        block_label_background_fill_dark=_NIGHT_SHEET,
        block_radius="3px",
        block_shadow="none",
        button_large_radius="3px",
        button_small_radius="3px",
        button_primary_background_fill=_RED,
        button_primary_background_fill_hover=_RED_OVER,
        button_primary_background_fill_dark=_RED_NIGHT,
        button_primary_text_color="#ffffff",
        button_secondary_background_fill=_SHEET,
        button_secondary_background_fill_dark=_NIGHT_SHEET,
        button_secondary_background_fill_hover=_WASH,
        button_secondary_background_fill_hover_dark=_NIGHT_WASH,
        button_secondary_border_color=_RULE,
        button_secondary_border_color_dark=_NIGHT_RULE,
        button_secondary_text_color=_INK,
        button_secondary_text_color_dark=_NIGHT_INK,
        button_border_width="1px",
        input_background_fill=_SHEET,
        input_background_fill_dark=_NIGHT_SHEET,
        input_border_color=_RULE,
        input_border_color_dark=_NIGHT_RULE,
        checkbox_label_background_fill=_SHEET,
        checkbox_label_background_fill_dark=_NIGHT_SHEET,
        checkbox_background_color_selected=_RED,
        checkbox_background_color_selected_dark=_RED_NIGHT,
        checkbox_border_color_selected=_RED,
        checkbox_border_color_selected_dark=_RED_NIGHT,
    )

"""The Gradio page: paste or upload, see labels and headlines, download, check a headline of one's own.

Gradio is imported when the page is built, not with this module. The page's own events are private; what
clients may call by name is in :mod:`banmian.serving.page_api`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from banmian.data.labels import DEFAULT_REGISTER
from banmian.serving.clerk import FILE_TYPES, KEPT_S, Clerk, register_choices
from banmian.serving.page_api import offer_api
from banmian.serving.service import Service
from banmian.serving.theme import SCRIPT, STYLESHEET, newspaper
from banmian.serving.view import foot_html, masthead_html
from banmian.serving.wording import WORDS

if TYPE_CHECKING:
    import gradio as gr

_TO_RESULT = "() => document.getElementById('bm-result').scrollIntoView({behavior: 'smooth'})"
_KEPT = "() => document.dispatchEvent(new Event('bm-kept'))"
_WORDS = WORDS["zh"]


def mount_page(app: FastAPI, service: Service) -> None:
    """Mount the page at ``/`` of the application."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr

    gr.mount_gradio_app(
        app,
        build_page(service),
        path="/",
        theme=newspaper(),
        css_paths=[STYLESHEET],
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=service.config.max_upload_bytes,
        ssr_mode=False,
        mcp_server=False,  # whatever the environment says: banmian.serving.assistants tells why
    )


def build_page(service: Service) -> gr.Blocks:
    """The page as Gradio blocks, not yet mounted."""
    import gradio as gr

    clerk = Clerk(service)
    blocks: gr.Blocks = gr.Blocks(
        title="版面 banmian", analytics_enabled=False, delete_cache=(KEPT_S, KEPT_S)
    )
    with blocks:
        offer_api(service)  # first, so that the names are its own
        head, language = _top()
        inputs = _inputs()
        buttons = _buttons()
        analysis = gr.State(None)
        result = _result(clerk)
        downloads, files = _downloads()
        foot = gr.HTML(foot_html("zh"), apply_default_css=False)
        outputs = [result, analysis, downloads, *files]
        _wire_analysis(clerk, inputs, buttons, outputs, language)
        _wire_edits(clerk, result, analysis, files)
        cleared = [inputs[name] for name in ("text", "paper", "date")]
        buttons["clear"].click(clerk.cleared, None, [*cleared, *outputs], api_visibility="private")
        worded = [head, *inputs.values(), *buttons.values(), result, *files, foot]
        language.change(
            clerk.speak, [language, analysis], worded, show_progress="hidden", api_visibility="private"
        )
    return blocks


def _wire_analysis(
    clerk: Clerk,
    inputs: dict[str, Any],
    buttons: dict[str, Any],
    outputs: list[Any],
    language: Any,
) -> None:
    everything = [*inputs.values(), language]
    how: dict[str, Any] = {
        "show_progress_on": outputs[0],
        "concurrency_limit": None,
        "api_visibility": "private",
    }
    runs = [
        buttons["analyze"].click(clerk.analyze, everything, outputs, **how),
        inputs["text"].submit(clerk.analyze, everything, outputs, **how),
        buttons["file"].upload(clerk.analyze_file, [buttons["file"], *everything[1:]], outputs, **how),
        buttons["example"]
        .click(
            clerk.example,
            None,
            [inputs[n] for n in ("text", "paper", "date")],
            show_progress="hidden",
            api_visibility="private",
        )
        .then(clerk.analyze, everything, outputs, **how),
    ]
    for run in runs:
        run.then(None, js=_TO_RESULT, api_visibility="private")


def _wire_edits(clerk: Clerk, result: Any, analysis: Any, files: list[Any]) -> None:
    """A headline that was edited comes into the downloads; the script tells, and waits to be told."""
    import gradio as gr

    async def keep(analysis: Any, event: Any) -> list[Any]:
        return await clerk.keep(analysis, event._data)

    keep.__annotations__["event"] = gr.EventData
    kept = [analysis, *files]
    how: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # One after the other: every event brings all headlines, and the last is what holds.
    run = result.edit(keep, [analysis], kept, trigger_mode="multiple", concurrency_limit=1, **how)
    run.then(None, js=_KEPT, api_visibility="private")


def _top() -> tuple[Any, Any]:
    import gradio as gr

    with gr.Row(elem_id="bm-top"):
        head = gr.HTML(masthead_html("zh"), elem_id="bm-masthead", apply_default_css=False)
        language = gr.Radio(
            [("中文", "zh"), ("English", "en")],
            value="zh",
            show_label=False,
            container=False,
            elem_id="bm-language",
        )
    return head, language


def _inputs() -> dict[str, Any]:
    import gradio as gr

    text = gr.Textbox(
        label=_WORDS["text"], placeholder=_WORDS["placeholder"], lines=8, max_lines=12, elem_id="bm-text"
    )
    with gr.Row(equal_height=True, elem_id="bm-wishes"):
        register = gr.Radio(
            register_choices("zh"), value=DEFAULT_REGISTER, label=_WORDS["register"], scale=4, min_width=420
        )
        paper = gr.Textbox(label=_WORDS["paper"], max_lines=1, scale=1, min_width=140)
        date = gr.Textbox(label=_WORDS["date"], placeholder="2020-02-13", max_lines=1, scale=1, min_width=140)
    return {"text": text, "register": register, "paper": paper, "date": date}


def _buttons() -> dict[str, Any]:
    import gradio as gr

    with gr.Row(elem_id="bm-buttons"):
        return {
            "analyze": gr.Button(_WORDS["analyze"], variant="primary", scale=3, elem_id="bm-go"),
            # Not gr.File: its words follow the browser's language, not the page's switch.
            "file": gr.UploadButton(_WORDS["file"], file_types=FILE_TYPES, scale=2),
            "example": gr.Button(_WORDS["example"], scale=3, elem_id="bm-example"),
            "clear": gr.Button(_WORDS["clear"], scale=1, min_width=80),
        }


def _result(clerk: Clerk) -> Any:
    """The analysed page; what the browser does with it, and asks of the clerk for it, is in SCRIPT."""
    import gradio as gr

    async def reason(asked: dict[str, Any]) -> str:
        return await clerk.reason(asked)

    async def check(asked: dict[str, Any]) -> dict[str, str]:
        return await clerk.check(asked)

    async def picture(asked: dict[str, Any]) -> str:
        return await clerk.picture(asked)

    return gr.HTML(
        "",
        elem_id="bm-result",
        apply_default_css=False,
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        server_functions=[reason, check, picture],
    )


def _downloads() -> tuple[Any, list[Any]]:
    import gradio as gr

    with gr.Row(visible=False, elem_id="bm-downloads") as row:
        files = [gr.DownloadButton(_WORDS[name], size="sm") for name in ("json", "csv")]
    return row, files

"""The functions of the page that ``gradio_client`` calls by name: REST's, with its fields as arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import Parameter, Signature
from typing import Any

from banmian.data.errors import BanmianError
from banmian.serving.functions import Function, functions
from banmian.serving.service import Service


def offer_api(service: Service) -> None:
    """Add the named functions to the Gradio blocks being built."""
    from gradio.events import api

    for function in functions(service):
        api(
            _by_fields(function),
            api_name=function.name,
            api_description=function.tells,
            concurrency_limit=None,
        )


def _by_fields(function: Function) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The function as Gradio reads one: typed arguments, and errors whose message is told, never a trace."""
    import gradio as gr

    fields = {field.alias or name: field for name, field in function.takes.model_fields.items()}

    async def call(*values: Any) -> dict[str, Any]:
        try:
            return await function.plain(dict(zip(fields, values, strict=False)))
        except BanmianError as problem:
            raise gr.Error(str(problem), print_exception=False) from None

    parameters = [
        Parameter(
            name,
            Parameter.POSITIONAL_OR_KEYWORD,
            default=Parameter.empty if field.is_required() else field.default,
            annotation=field.annotation,
        )
        for name, field in fields.items()
    ]
    call.__name__ = function.name
    call.__annotations__ = {name: field.annotation for name, field in fields.items()} | {"return": dict}
    call.__signature__ = Signature(parameters, return_annotation=dict)  # type: ignore[attr-defined]
    return call

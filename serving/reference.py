"""`/docs`: the endpoints as one plain page made from the OpenAPI, with nothing fetched from elsewhere.

FastAPI's own page takes its scripts from a content delivery network, which a newsroom's closed network
does not reach.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = """
:root{color-scheme:light dark}
body{max-width:54rem;margin:2rem auto;padding:0 1rem;line-height:1.7;
font-family:system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif}
h1{font-family:"Noto Serif CJK SC","Songti SC",serif;border-bottom:4px double;padding-bottom:.4rem}
h2{font:600 1rem ui-monospace,monospace;margin-top:2.4rem}
h2 b{display:inline-block;min-width:3.4rem;color:#b3261e}
pre{white-space:pre-wrap;overflow-wrap:anywhere;
padding:.8rem;border:1px solid #8884;border-radius:4px;font-size:.85rem;line-height:1.5}
table{border-collapse:collapse;font-size:.9rem}td{padding:.1rem .8rem .1rem 0;vertical-align:top}
"""


def reference_html(openapi: dict[str, Any]) -> str:
    """An OpenAPI description as HTML: every endpoint with what it does, takes and answers."""
    info = openapi["info"]
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style>",
        f"<h1>{escape(info['title'])}</h1><p>{escape(info.get('description', ''))} ",
        "Machine-readable: <a href='openapi.json'>openapi.json</a>. The page: <a href='./'>./</a>.</p>",
    ]
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            parts.append(_operation(openapi, path, method, operation))
    return "".join(parts)


def _operation(openapi: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    told = f"<h2><b>{escape(method.upper())}</b> {escape(path)}</h2>"
    told += f"<p>{escape(operation.get('description', ''))}</p>"
    content = operation.get("requestBody", {}).get("content", {})
    if schema := content.get("application/json", {}).get("schema"):
        told += _curl(path, _resolve(openapi, schema), content["application/json"].get("example"))
    answers = "".join(
        f"<tr><td><code>{escape(status)}</code><td>{escape(answer.get('description', ''))}"
        for status, answer in operation["responses"].items()
    )
    return f"{told}<table>{answers}</table>"


def _curl(path: str, schema: dict[str, Any], example: Any) -> str:
    """The fields of a body and a command that sends its example."""
    fields = "".join(
        f"<tr><td><code>{escape(name)}</code><td>{'' if name in schema.get('required', []) else 'optional'}"
        f"<td>{escape(field.get('description', ''))}"
        for name, field in schema.get("properties", {}).items()
    )
    told = f"<table>{fields}</table>"
    body = json.dumps(example or schema.get("examples", [{}])[0], ensure_ascii=False)
    command = f"curl -s http://127.0.0.1:7860{path} -H 'Content-Type: application/json' -d '{body}'"
    return f"{told}<pre>{escape(command)}</pre>"


def _resolve(openapi: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    found: dict[str, Any] = openapi["components"]["schemas"][name] if name else schema
    return found

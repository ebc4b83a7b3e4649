"""The REST endpoints (DESIGN): classify, headline, support, analyze, corrections, models, health."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from banmian.data.errors import BanmianError
from banmian.data.issue import Issue
from banmian.data.labels import DEFAULT_REGISTER, REGISTERS, Register
from banmian.data.strict import parse_json
from banmian.serving import examples
from banmian.serving.answers import PROBLEMS, problems, shown_as
from banmian.serving.bundle import KINDS
from banmian.serving.functions import functions
from banmian.serving.metrics import CONTENT_TYPE
from banmian.serving.problems import ordinary_json, shown
from banmian.serving.schemas import (
    AnalyzeIn,
    CorrectionOut,
    ModelsOut,
    ModelVersion,
    ReloadIn,
)
from banmian.serving.service import Service
from banmian.serving.store import ModelStore

T = TypeVar("T")
_UPLOAD_SCHEMA = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "txt, json (an issue), pdf, png, jpg"},
        "register": TypeAdapter(Register).json_schema(),
        "paper": {"type": "string"},
        "date": {"type": "string", "description": "YYYY-MM-DD"},
    },
}
_ANALYZE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": AnalyzeIn.model_json_schema()},
            "multipart/form-data": {"schema": _UPLOAD_SCHEMA},
        },
    }
}


def _json_body(schema: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def routes(service: Service) -> APIRouter:
    """The endpoints over one service."""
    router = APIRouter()
    offered = {function.name: function for function in functions(service)}
    for name, tag in (("classify", "models"), ("headline", "models"), ("support", "facts")):
        router.post(f"/v1/{name}", responses=PROBLEMS, tags=[tag])(offered[name].call)
    _add_analysis(router, service)
    _add_operations(router, service)
    return router


def _add_analysis(router: APIRouter, service: Service) -> None:
    @router.post(
        "/v1/analyze",
        response_model=Issue,
        responses=PROBLEMS | shown_as(200, examples.ANALYZED),
        tags=["pages"],
        openapi_extra=_ANALYZE_BODY,
    )
    async def analyze(request: Request) -> JSONResponse:
        """A page (JSON text or an uploaded file) as an issue: articles, labels, headlines."""
        kind = _content_type(request)
        if kind == "multipart/form-data":
            file, register, paper, date = await _upload(request)
            name = file.filename or "page.txt"
            issue = await service.analyze_file(await file.read(), name, register, paper, date)
        elif kind in ("application/json", ""):
            body = await _record(AnalyzeIn, request)
            issue = await service.analyze_text(body.text, body.register_, body.paper, body.date)
        else:
            raise BanmianError(
                "application/json or multipart/form-data", kind, "Content-Type", "Set the header accordingly."
            )
        return JSONResponse(issue.as_dict())

    @router.post(
        "/v1/corrections",
        responses=PROBLEMS,
        tags=["pages"],
        status_code=201,
        openapi_extra=_json_body({"$ref": "#/components/schemas/Issue"}, examples.CORRECTION),
    )
    async def corrections(request: Request) -> CorrectionOut:
        """Keep an issue whose body blocks all have a label, to be learnt from at the next retraining."""
        _must_be_json(request)
        issue = await _record(Issue, request)
        stored = await service.admission.run(lambda: service.corrections.add(issue))
        return CorrectionOut(stored=stored.name, paragraphs=stored.paragraphs, warnings=list(stored.warnings))


def _add_operations(router: APIRouter, service: Service) -> None:
    @router.get("/v1/models", responses=problems(401, 503), tags=["models"])
    async def models() -> ModelsOut:
        """The versions that answer, and every version that could be published."""
        serving = service.engine.models()
        return ModelsOut(serving=serving, versions=model_versions(service.store))

    @router.post(
        "/v1/models/reload",
        responses=problems(401, 408, 409, 413, 415, 422, 429, 503),
        tags=["models"],
        openapi_extra=_json_body(ReloadIn.model_json_schema(), {}),
    )
    async def reload(request: Request) -> ModelsOut:
        """Take up what is published now, without a pause; a running server also notices by itself."""
        _must_be_json(request)
        await _record(ReloadIn, request)
        await asyncio.to_thread(service.reload)
        return ModelsOut(serving=service.engine.models(), versions=model_versions(service.store))

    @router.get("/healthz", responses=shown_as(200, {"status": "ok"}), tags=["operations"])
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @router.get("/readyz", responses=problems(503) | shown_as(200, examples.READY), tags=["operations"])
    async def readyz() -> dict[str, str]:
        """The models are loaded; 503 before."""
        return {"status": "ready", **service.engine.models()}

    @router.get("/metrics", responses=problems(401), tags=["operations"], response_class=Response)
    async def metrics() -> Response:
        """Prometheus metrics."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE)

    @router.api_route(
        "/v1/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    async def elsewhere(request: Request) -> None:
        """What no route above matched: the page, mounted at /, must not answer in their place."""
        methods = {
            method
            for route in router.routes
            if isinstance(route, APIRoute) and route.path == request.url.path
            for method in route.methods or ()
        }
        raise (
            HTTPException(405, headers={"Allow": ", ".join(sorted(methods))})
            if methods
            else HTTPException(404)
        )


def model_versions(store: ModelStore) -> list[ModelVersion]:
    """Every stored version of every model, and which of them is published."""
    return [
        ModelVersion(kind=kind, version=stored.manifest.version, published=stored.served)
        for kind in KINDS
        for stored in store.versions(kind)
    ]


def _must_be_json(request: Request) -> None:
    """Any web page that its user visits may send a browser's plain form or text here, but not JSON."""
    if (kind := _content_type(request)) != "application/json":
        raise BanmianError("application/json", kind or "none", "Content-Type", "Set the header accordingly.")


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def _text_body(request: Request) -> str:
    raw = await request.body()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BanmianError(
            "UTF-8 text",
            f"byte 0x{raw[problem.start]:02x} at offset {problem.start}",
            "body",
            "Send the body as UTF-8.",
        ) from None


async def _record(kind: type[T], request: Request) -> T:
    """The body as a record; its errors name the line, which FastAPI's own parsing cannot."""
    text = await _text_body(request)
    with ordinary_json("body"):
        return parse_json(kind, text, "body")


async def _upload(request: Request) -> tuple[UploadFile, Register, str, str]:
    """File, register, paper and date of a multipart form that holds nothing else."""
    form = await request.form(max_files=1, max_fields=3)
    unknown = sorted(set(form) - {"file", "register", "paper", "date"})
    if unknown:
        raise BanmianError("no such field", shown(unknown[0]), "form", "Send file, register, paper and date.")
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise BanmianError("a file", "nothing", "file", "Send the page as the form's file.")
    try:
        register = TypeAdapter(Register).validate_python(form.get("register", DEFAULT_REGISTER))
    except ValidationError as problem:
        raise BanmianError(
            f"one of {', '.join(REGISTERS)}", shown(form.get("register")), "register", "Correct it."
        ) from problem
    paper, date = (str(form.get(name, "")) for name in ("paper", "date"))
    return file, register, paper, date

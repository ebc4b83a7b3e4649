"""The one application: REST and the page over the same service, models loaded in the background."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
from collections.abc import AsyncIterator, Callable
from functools import partial

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from banmian.serving.answers import describe_keys
from banmian.serving.assistants import offer_tools
from banmian.serving.config import ServeConfig
from banmian.serving.corrections import Corrections
from banmian.serving.edge import Edge
from banmian.serving.engine import Engine, EngineSettings
from banmian.serving.gate import Gate, keys_wanted
from banmian.serving.keys import Keys
from banmian.serving.problems import install
from banmian.serving.reference import reference_html
from banmian.serving.renewal import look_for_models
from banmian.serving.rest import routes
from banmian.serving.scheduler import BatchRun, Limits
from banmian.serving.service import Load, Service
from banmian.serving.store import ModelStore, home
from banmian.serving.traces import telemetry

_DESCRIPTION = (
    "Reads a Chinese newspaper page, labels every paragraph and writes a headline for every article. "
    "Answers other than 2xx say what was expected, what was found, where, and what to do."
)


def _load(config: ServeConfig, store: ModelStore, observe: Callable[[BatchRun], None]) -> Engine:
    settings = EngineSettings(
        backend=config.backend,
        threads=config.threads or None,
        labeller=Limits(max_waiting=config.max_waiting_paragraphs, deadline_s=config.deadline_s),
        writer=Limits(max_waiting=config.max_waiting_headlines, deadline_s=config.deadline_s),
    )
    return Engine.load(store, settings=settings, observe=observe)


def create_app(
    config: ServeConfig | None = None,
    store: ModelStore | None = None,
    corrections: Corrections | None = None,
    load: Load | None = None,
    page: bool = True,
    keys: Keys | None = None,
) -> FastAPI:
    """The application, not yet loading: its lifespan starts that, and /readyz says when it is done.

    Args:
        config: limits and addresses; the defaults if not given.
        store: the models; the home folder's if not given.
        corrections: where mended issues go; under the home folder if not given.
        load: makes the engine from the store; ``Engine.load`` with the configuration's backend if not given.
        page: whether the Gradio page is mounted at ``/`` (it takes seconds to import).
        keys: who may use it, where that is asked; the home folder's if not given.

    Raises:
        BanmianError: the address is not a loopback one, there are no keys, and the configuration does not
            say that it is open to the network; or telemetry without its extra.
    """
    config = config or ServeConfig()
    keys = keys or Keys()
    asks = keys_wanted(config, keys)
    service = Service(
        config,
        store or ModelStore(),
        corrections or Corrections(home() / "corrections"),
        load or partial(_load, config),
    )

    app = FastAPI(
        title="banmian 版面",
        version=importlib.metadata.version("banmian"),
        description=_DESCRIPTION,
        lifespan=_lifespan,
        telemetry=telemetry(config),
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    if asks:
        app.add_middleware(Gate, keys=keys)
        describe_keys(app)
    app.add_middleware(Edge, config=config, metrics=service.metrics)
    install(app)
    _add_routes(app, service, page, strangers=asks or config.open_to_network)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    loading = asyncio.create_task(service.load_in_background())
    looking = asyncio.create_task(look_for_models(service))
    async with app.state.tools:
        yield
    looking.cancel()
    await loading
    service.close()


def _add_routes(app: FastAPI, service: Service, page: bool, strangers: bool) -> None:
    """Everything that is answered; the page last, because it takes every path that is left."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(reference_html(app.openapi()))

    app.include_router(routes(service))
    app.state.tools = offer_tools(app, service, strangers)
    if page:
        from banmian.serving.page import mount_page

        mount_page(app, service)

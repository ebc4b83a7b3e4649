"""How a server runs, as a frozen record read from strict TOML: every number of it, its unit in its name."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from banmian.data.errors import BanmianError
from banmian.data.strict import read_toml

_Positive = Annotated[int, Field(gt=0)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class ServeConfig:
    """Where the server listens and what it takes on.

    ``max_body_bytes`` bounds a JSON body, ``max_upload_bytes`` an uploaded file (a scan weighs more than
    text), ``max_inputs`` the paragraphs or texts of one request. ``queue_limit`` is how many requests may
    run or wait at once, ``workers`` how many run, and ``max_waiting_…`` bounds each model's own queue. A
    body that stops coming for ``read_timeout_s`` is answered 408, a request older than ``deadline_s`` 504.
    ``grace_s`` is how long a stopping server lets what runs finish. ``backend`` and ``threads`` (0: every
    core) go to the engine. ``look_for_models_s`` is how often the store is looked at for a model published
    meanwhile (0: never; SIGHUP and ``POST /v1/models/reload`` do it at once).

    API keys are asked for on every address but a loopback one; ``require_keys`` asks for them there too
    (behind a proxy), ``open_to_network`` nowhere. ``telemetry`` sends traces and metrics of requests to the
    OpenTelemetry collector that ``OTEL_EXPORTER_OTLP_ENDPOINT`` names.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    max_body_bytes: _Positive = 2_000_000
    max_upload_bytes: _Positive = 20_000_000
    max_inputs: _Positive = 256
    queue_limit: _Positive = 512
    workers: _Positive = 32
    max_waiting_paragraphs: _Positive = 2048
    max_waiting_headlines: _Positive = 512
    read_timeout_s: Annotated[float, Field(gt=0)] = 30.0
    deadline_s: Annotated[float, Field(gt=0)] = 60.0
    grace_s: Annotated[float, Field(ge=0)] = 30.0
    backend: str = "auto"
    threads: Annotated[int, Field(ge=0)] = 0
    look_for_models_s: Annotated[float, Field(ge=0)] = 2.0
    require_keys: bool = False
    open_to_network: bool = False
    telemetry: bool = False

    def with_changes(self, **changes: Any) -> ServeConfig:
        """The same configuration with what is not None changed, e.g. from the command line.

        Raises:
            BanmianError: a value is out of its range.
        """
        values = dataclasses.asdict(self) | {k: v for k, v in changes.items() if v is not None}
        try:
            return TypeAdapter(ServeConfig).validate_python(values)
        except ValidationError as problem:
            first = problem.errors()[0]
            raise BanmianError(
                first["msg"], repr(first["input"]), str(first["loc"][0]), "Correct the option."
            ) from None


def load_config(path: Path | None) -> ServeConfig:
    """Read a configuration; without a path, the defaults. What is wrong is a BanmianError naming the key."""
    return read_toml(ServeConfig, path) if path else ServeConfig()

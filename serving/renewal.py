"""A running server takes up newly published models: it looks at the store now and then, or when told."""

from __future__ import annotations

import asyncio
import logging

from banmian.data.errors import BanmianError
from banmian.serving.service import Service

log = logging.getLogger("banmian.serving")


async def look_for_models(service: Service) -> None:
    """For ever: reload when another version is published in the store, by whatever process.

    What does not load is told in the log once, and the models that answered before go on.
    """
    known = await asyncio.to_thread(service.store.served)
    while pause_s := service.config.look_for_models_s:
        await asyncio.sleep(pause_s)
        try:
            now = await asyncio.to_thread(service.store.served)
        except BanmianError as problem:
            log.error("the model store cannot be read: %s", problem)
            continue
        if now != known and (service.ready or service.failure):
            known = now
            await renew(service)


async def renew(service: Service) -> None:
    """Reload now; a failure is told in the log."""
    try:
        await asyncio.to_thread(service.reload)
    except BanmianError as problem:
        log.error("not reloaded: %s", problem)

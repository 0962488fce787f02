"""How often one may ask: much for who has a key, little for everybody else."""

import math
import time

from fastapi.responses import JSONResponse
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from .keys import ApiKeys
from .security import find_key

WITH_KEY = RateLimitItemPerSecond(6000, 10)
"""A desk that looks up 200 flights a second and tells 1,000 events asks 2,100 times in this."""
WITHOUT_KEY = RateLimitItemPerSecond(120, 60)
UNLIMITED = {"/health", "/ready"}
"""Whatever watches over the service stands at the address of its users, behind a proxy."""


class Limits:
    """The layer that refuses who asks too often.

    Who names a key that is known is counted by it, everybody else, guessers above all, by address.
    """

    def __init__(self, app: ASGIApp, keys: ApiKeys | None) -> None:
        """Wrap the rest.

        Args:
            app: The rest.
            keys: The keys; None lets everybody ask as often as if they had one.
        """
        self._app = app
        self._keys = keys
        # A counter for each: a list of moments would be copied at every request, in a thread.
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self._app(scope, receive, send)
            return
        limit, who = self._identify(HTTPConnection(scope))
        if await self._limiter.hit(limit, who):
            await self._app(scope, receive, send)
            return
        stats = await self._limiter.get_window_stats(limit, who)
        wait = max(math.ceil(stats.reset_time - time.time()), 1)
        refusal = JSONResponse(
            {"detail": f"Too many requests: at most {limit}. Wait {wait} seconds."},
            429,
            {"Retry-After": f"{wait}"},
        )
        await refusal(scope, receive, send)

    def _identify(self, asking: HTTPConnection) -> tuple[RateLimitItem, str]:
        address = asking.client.host if asking.client else "unknown"
        if self._keys is None:
            return WITH_KEY, address
        key = find_key(asking)
        return (WITH_KEY, key) if key and self._keys.find_role(key) else (WITHOUT_KEY, address)

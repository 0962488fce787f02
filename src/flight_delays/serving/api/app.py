"""The live board over HTTP: look up flights, tell what happens."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from flight_delays.serving.desk import Desk

from . import events, flights, page, predictions, state
from .keys import ApiKeys
from .refusals import MAX_BODY_BYTES


def create_app(desk: Desk, keys: ApiKeys | None) -> FastAPI:
    """Create the API.

    Args:
        desk: The live board at work.
        keys: Who may ask and tell; None lets everybody.

    Returns:
        The application, described at /openapi.json.
    """
    # FastAPI's own pages load their scripts from elsewhere.
    app = FastAPI(title="Flight Delays", version="1", docs_url=None, redoc_url=None)
    app.state.desk, app.state.keys = desk, keys
    app.middleware("http")(_refuse_large_bodies)
    for part in (state, flights, events, predictions, page):
        app.include_router(part.router)
    app.mount("/static", page.STATIC)
    return app


async def _refuse_large_bodies(
    request: Request, answer: Callable[[Request], Awaitable[Response]]
) -> Response:
    length = request.headers.get("content-length", "")
    if request.method == "POST" and not (length.isdecimal() and int(length) <= MAX_BODY_BYTES):
        return JSONResponse({"detail": f"Send at most {MAX_BODY_BYTES} bytes."}, 413)
    return await answer(request)

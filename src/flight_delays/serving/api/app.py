"""The live board over HTTP: look up flights, tell what happens."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from flight_delays.serving.desk.desk import Desk

from . import docs, events, flights, metrics, page, predictions, state
from .keys import ApiKeys
from .limits import Limits
from .refusals import MAX_BODY_BYTES, refuse_body, refuse_fields
from .strictness import Strictness


def create_app(desk: Desk, keys: ApiKeys | None) -> FastAPI:
    """Create the API.

    Args:
        desk: The live board at work.
        keys: Who may ask and tell; None lets everybody.

    Returns:
        The application, described at /openapi.json and, for people, at /docs.
    """
    app = FastAPI(
        title="Flight Delays",
        version="1",
        max_body_size=MAX_BODY_BYTES,
        # FastAPI's own pages load their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={RequestValidationError: refuse_fields, 413: refuse_body},
    )
    app.state.desk, app.state.keys = desk, keys
    app.state.metrics = metrics.make_registry(desk)
    # The last one is the outermost.
    app.add_middleware(Limits, keys=keys)
    app.add_middleware(metrics.Requests, registry=app.state.metrics)
    app.add_middleware(Strictness)
    for part in (state, metrics, flights, events, predictions, page, docs):
        app.include_router(part.router)
    app.mount("/static", page.STATIC)
    return app

"""How requests are refused, and how the OpenAPI page tells it."""

import json
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from .models import Readiness, Refusal

MAX_BODY_BYTES = 4 * 2**20
Responses = dict[int | str, dict[str, Any]]

REFUSED: Responses = {
    401: {"model": Refusal, "description": "No key, or none that is known"},
    403: {"model": Refusal, "description": "A key that may only ask"},
    429: {
        "model": Refusal,
        "description": "Too many requests",
        "headers": {
            "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}
        },
    },
}
NOT_OPEN: Responses = {404: {"model": Refusal, "description": "No such flight is open"}}
UNREAD: Responses = {
    400: {"model": Refusal, "description": "A body that cannot be read"},
    413: {"model": Refusal, "description": f"More than {MAX_BODY_BYTES} bytes"},
}
NOT_TAKEN: Responses = UNREAD | {
    507: {"model": Refusal, "description": "Nothing can be kept; send the events again later"},
}
NOT_READY: Responses = {503: {"model": Readiness, "description": "The answers are old"}}


async def refuse_fields(_: Request, error: Any) -> Response:
    """Tell the fields of a `RequestValidationError`, without what was sent: it may be anything."""
    wrong = [{name: each[name] for name in ("type", "loc", "msg")} for each in error.errors()]
    # In ASCII, because a name that was sent may have half a character.
    return Response(json.dumps({"detail": wrong}), 422, media_type="application/json")


async def refuse_body(_: Request, __: Exception) -> Response:
    """Tell how large a body may be."""
    return JSONResponse({"detail": f"Send at most {MAX_BODY_BYTES} bytes."}, 413)

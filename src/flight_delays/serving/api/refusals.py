"""How requests are refused, as the OpenAPI page tells it."""

from typing import Any

from .models import Readiness, Refusal

MAX_BODY_BYTES = 4 * 2**20
Responses = dict[int | str, dict[str, Any]]

REFUSED: Responses = {
    401: {"model": Refusal, "description": "No key, or none that is known"},
    403: {"model": Refusal, "description": "A key that may only ask"},
}
NOT_OPEN: Responses = {404: {"model": Refusal, "description": "No such flight is open"}}
NOT_TAKEN: Responses = {
    413: {"model": Refusal, "description": f"More than {MAX_BODY_BYTES} bytes"},
    507: {"model": Refusal, "description": "Nothing can be kept; send the events again later"},
}
TOO_LARGE: Responses = {413: NOT_TAKEN[413]}
NOT_READY: Responses = {503: {"model": Readiness, "description": "The answers are old"}}

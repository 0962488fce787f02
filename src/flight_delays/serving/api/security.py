"""Who may ask and who may tell: each request names a key, and a key has a role."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import APIKeyHeader
from starlette.requests import HTTPConnection

from .keys import ApiKeys, Role

HEADER = "X-API-Key"
_header = APIKeyHeader(
    name=HEADER, auto_error=False, description="`kedro api-key create` prints one."
)
SentKey = Annotated[str | None, Security(_header)]


def find_key(asking: HTTPConnection) -> str | None:
    """Find the key that a request names."""
    return asking.headers.get(HEADER)


# They wait for nothing, and as coroutines they need no thread of their own.
async def may_ask(request: Request, key: SentKey = None) -> None:
    """Let through who may ask."""
    _find_role(request, key)


async def may_tell(request: Request, key: SentKey = None) -> None:
    """Let through who may tell."""
    if _find_role(request, key) != "write":
        raise HTTPException(403, "This key may ask, and not tell.")


def _find_role(request: Request, key: str | None) -> Role:
    keys: ApiKeys | None = request.app.state.keys
    if keys is None:
        return "write"
    role = keys.find_role(key) if key else None
    if role is None:
        raise HTTPException(401, "Send a key as X-API-Key: `kedro api-key create`.")
    return role


ASKS, TELLS = Depends(may_ask), Depends(may_tell)

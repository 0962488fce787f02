"""Who may ask and who may tell: each request names a key, and a key has a role.

The page's cookie is such a key too, but only to ask: a browser sends it whoever makes it do so.
"""

from typing import Annotated

from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader
from starlette.requests import HTTPConnection

from .keys import ApiKeys, Role

HEADER, COOKIE = "X-API-Key", "flight_delays_key"
_header = APIKeyHeader(
    name=HEADER, auto_error=False, description="`kedro api-key create` prints one."
)
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="what the page keeps; to ask")
SentKey = Annotated[str | None, Security(_header)]
KeptKey = Annotated[str | None, Security(_cookie)]


def find_key(asking: HTTPConnection) -> str | None:
    """Find the key that a request names."""
    return asking.headers.get(HEADER) or asking.cookies.get(COOKIE)


# They wait for nothing, and as coroutines they need no thread of their own.
async def may_ask(request: Request, key: SentKey = None, kept: KeptKey = None) -> None:
    """Let through who may ask."""
    _demand_role(request, key or kept)


async def may_tell(request: Request, key: SentKey = None) -> None:
    """Let through who may tell."""
    if _demand_role(request, key) != "write":
        raise HTTPException(403, "This key may ask, and not tell.")


def find_role(request: Request, key: str | None) -> Role | None:
    """Find what a key allows; without keys everybody may do all."""
    keys: ApiKeys | None = request.app.state.keys
    if keys is None:
        return "write"
    return keys.find_role(key) if key else None


def _demand_role(request: Request, key: str | None) -> Role:
    role = find_role(request, key)
    if role is None:
        raise HTTPException(401, "Send a key as X-API-Key: `kedro api-key create`.")
    return role


ASKS, TELLS = Depends(may_ask), Depends(may_tell)

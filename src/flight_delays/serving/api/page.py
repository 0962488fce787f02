"""The board as a page: whoever opens it names a key once, and a cookie keeps that."""

from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from flight_delays.serving.board.snapshot import CONDITION
from flight_delays.serving.page.filters import Filters
from flight_delays.serving.page.rendering import render
from flight_delays.serving.page.view import make_view

from .desk import TheDesk
from .security import COOKIE, KeptKey, SentKey, find_role
from .state import STALE_SECONDS

REFRESH_SECONDS = 15
KEPT_DAYS = 30
STATIC = StaticFiles(packages=[("flight_delays.serving.page", "static")])

# For people: not in the description of the API.
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/")
def show_board(
    request: Request,
    desk: TheDesk,
    filters: Annotated[Filters, Query()],
    key: SentKey = None,
    kept: KeptKey = None,
) -> Response:
    """Show the open flights, or ask for a key."""
    if find_role(request, key or kept) is None:
        return _ask_for_key()
    how = desk.describe()
    age_minutes = int(how["last_tick_age_seconds"] // 60)
    # All that the page says changes with these alone, but for what its address asks for.
    told = f"{how['version']}-{how['last_tick']:%Y%m%dT%H%M}-{age_minutes}-{how['failure']}"
    headers = {"ETag": f'"{told}"', "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    last = desk.board.last
    page = render(
        "board",
        view=make_view(last, filters, desk.names, last.explain),
        told=told,
        version=how["version"],
        age_minutes=age_minutes,
        is_stale=how["last_tick_age_seconds"] >= STALE_SECONDS,
        failure=how["failure"],
        condition=CONDITION,
        refresh_seconds=REFRESH_SECONDS,
        has_login=request.app.state.keys is not None,
    )
    return HTMLResponse(page, headers=headers)


@router.post("/session")
async def log_in(request: Request) -> Response:
    """Keep the key that the form sends."""
    form = parse_qs((await request.body()).decode(errors="replace"))
    return _keep_key(request, form.get("key", [""])[0].strip())


@router.get("/open")
def open_board(request: Request, key: str = "") -> Response:
    """Keep the key of a link, and show the board."""
    return _keep_key(request, key)


@router.post("/session/end")
def log_out() -> Response:
    """Forget the key."""
    answer = _show_board_next()
    answer.delete_cookie(COOKIE, **_cookie_flags(is_secure=False))
    return answer


def _keep_key(request: Request, key: str) -> Response:
    if find_role(request, key) is None:
        return _ask_for_key(refused=True)
    answer = _show_board_next()
    if request.app.state.keys is not None:
        flags = _cookie_flags(is_secure=request.url.scheme == "https")
        answer.set_cookie(COOKIE, key, max_age=KEPT_DAYS * 24 * 3600, **flags)
    return answer


def _cookie_flags(is_secure: bool) -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "strict", "secure": is_secure}


def _show_board_next() -> Response:
    # The address that it comes from may hold the key.
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse("/", 303, headers)


def _ask_for_key(refused: bool = False) -> Response:
    page = render("login", refused=refused, kept_days=KEPT_DAYS)
    return HTMLResponse(page, 401, {"Cache-Control": "no-store"})

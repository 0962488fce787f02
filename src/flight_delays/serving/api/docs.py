"""The page about the API, which loads nothing from elsewhere and nothing that stands in itself."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, Response

# Its own page has a script in itself, which is refused here.
BUNDLE = Path(str(files("fastapi_offline") / "static"))
FILES = ("swagger-ui.css", "swagger-ui-bundle.js")
START = 'SwaggerUIBundle({ url: "../openapi.json", dom_id: "#page", deepLinking: true });'
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Flight Delays: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/docs", response_class=HTMLResponse)
async def show_docs() -> str:
    """Show what /openapi.json says, to read and to try."""
    return PAGE


@router.get("/docs/start.js")
async def start() -> Response:
    """Begin: a script in the page itself would be refused."""
    return Response(START, media_type="text/javascript")


@router.get("/docs/{name}")
async def give_file(name: str) -> FileResponse:
    """Give a file of Swagger UI."""
    if name not in FILES:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(BUNDLE / name)

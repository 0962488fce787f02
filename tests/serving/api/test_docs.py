"""The page about the API needs nothing from elsewhere."""

import re

from fastapi.testclient import TestClient


def test_all_that_the_page_loads_comes_from_here(asking: TestClient) -> None:
    page = asking.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert not any("//" in address for address in loaded)
    for address in loaded[1:]:  # the first one is the icon, which is empty
        assert asking.get(f"/{address}").status_code == 200
    assert not re.search(r"<script>|<style|style=", page.text)  # the browser would refuse it


def test_it_shows_what_the_service_says_of_itself(asking: TestClient) -> None:
    script = asking.get("/docs/start.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert 'url: "../openapi.json"' in script.text
    assert asking.get("/openapi.json").status_code == 200


def test_it_gives_no_other_files(asking: TestClient) -> None:
    for name in ("index.html", "../__init__.py", "%2e%2e%2f__init__.py", "/etc/passwd"):
        assert asking.get(f"/docs/{name}").status_code == 404


def test_every_parameter_and_field_is_described(asking: TestClient) -> None:
    told = asking.get("/openapi.json").json()
    parameters = [
        parameter
        for methods in told["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
    ]
    assert len(parameters) > 5
    assert all("description" in parameter for parameter in parameters)
    models = told["components"]["schemas"]
    silent = [
        f"{model}.{name}"
        for model, schema in models.items()
        for name, field in schema.get("properties", {}).items()
        if "description" not in field and model not in ("HTTPValidationError", "ValidationError")
    ]
    assert silent == []

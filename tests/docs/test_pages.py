"""What README.md and docs/ point to is there: pages, headings, files, parameters, datasets."""

import re
from pathlib import Path

import pytest
from omegaconf import MISSING, OmegaConf

from docs.conf import load_conf
from docs.pages import DOCS, PAGES, README, ROOT, Page
from flight_delays.lineage.catalog_entries import get_path

PACKAGE = ROOT / "src" / "flight_delays"
MADE = ("conf/local/", ".venv/", ".environments/")
NAMES = {page.path: page for page in PAGES}
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def test_readme_stays_short() -> None:
    assert len(README.text.splitlines()) <= 150


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_readme_links_every_page(page: Page) -> None:
    assert page.name in {link.partition("#")[0] for link in README.links}


@each_page
def test_links_lead_somewhere(page: Page) -> None:
    for link in page.links:
        file, _, anchor = link.partition("#")
        target = (page.path.parent / file).resolve() if file else page.path
        assert target.exists(), link
        assert not anchor or anchor in NAMES[target].anchors, link


@each_page
def test_files_exist(page: Page) -> None:
    for code in filter(is_path, page.inline_code):
        assert exists(code), code


def is_path(code: str) -> bool:
    """Whether inline code is a path in the project, other than of what is made or only yours."""
    first, slash, _ = code.partition("/")
    is_inside = any((folder / first).is_dir() for folder in (ROOT, PACKAGE))
    return bool(first and slash) and is_inside and not code.startswith(MADE)


def exists(path: str) -> bool:
    """Whether a path is there, or one that a pipeline writes is in the catalog."""
    if path.startswith("data/"):
        entries = [*load_conf("catalog").values(), *load_conf("catalog", "test").values()]
        written = [Path(get_path(entry) or "") for entry in entries]
        return any(Path(path) in (file, *file.parents) for file in written)
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/"))
    return any(any(folder.glob(pattern)) for folder in (ROOT, PACKAGE))


@each_page
def test_parameters_exist(page: Page) -> None:
    for code in page.inline_code:
        if code.partition(".")[0] in load_conf("parameters"):
            parameters = OmegaConf.create(load_conf("parameters"))
            value = OmegaConf.select(parameters, code, default=MISSING)
            assert value != MISSING, code


@each_page
def test_catalog_entries_exist(page: Page) -> None:
    assert {*re.findall(r'catalog\.load\("(.*?)"\)', page.text)} <= {*load_conf("catalog")}


def test_map_is_the_project() -> None:
    paths = list(list_map())
    assert [path for path in paths if not path.exists()] == []
    folders = [*(ROOT / "conf").glob("*/"), *(ROOT / "src").glob("*/"), *PACKAGE.glob("*/")]
    drawn = [path for path in folders if not path.name.startswith(("_", "."))]
    missing = [path for path in drawn if path not in paths and not path.match("*.egg-info")]
    assert missing == []


def list_map() -> list[Path]:
    """List the paths on the left of README's map, below the folder that they are indented under."""
    (text,) = README.list_blocks("text")
    paths, folder = [], ROOT
    for line in text.splitlines():
        if found := re.match(r"( {0,4})([^\s,]+(?:, [^\s,]+)*)", line):
            indent, names = found.groups()
            paths += [(folder if indent else ROOT) / name for name in names.split(", ")]
            folder = folder if indent else paths[-1]
    return paths

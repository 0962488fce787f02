import sys
from pathlib import Path

import pytest
from kedro.pipeline import Node, Pipeline

from flight_delays.kedro_parts.lazy_pipeline import LazyPipeline

MODULE = """
from kedro.pipeline import Node, Pipeline


def create_pipeline():
    return Pipeline([Node(abs, "{input}", "{output}", name="{output}")])
"""


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two modules, the second takes on what the first makes; nothing has imported them yet."""
    (tmp_path / "lazy_fit.py").write_text(MODULE.format(input="table", output="model"))
    (tmp_path / "lazy_score.py").write_text(MODULE.format(input="model", output="report"))
    monkeypatch.syspath_prepend(tmp_path)
    names = ["lazy_fit", "lazy_score"]
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    return names


def test_modules_are_imported_at_the_first_look_at_the_nodes(modules: list[str]) -> None:
    pipeline = LazyPipeline(*modules)
    assert not sys.modules.keys() & {*modules}
    assert [node.name for node in pipeline.nodes] == ["model", "report"]


def test_it_adds_up_like_any_pipeline(modules: list[str]) -> None:
    fit, score = (LazyPipeline(module) for module in modules)
    before = Pipeline([Node(abs, "raw", "table")])
    for both in (
        before + fit + score,
        sum([fit, score], start=before),
        Pipeline([before, fit, score]),
    ):
        assert (both.inputs(), both.outputs()) == ({"raw"}, {"report"})


def test_module_that_cannot_be_imported_is_told() -> None:
    with pytest.raises(ModuleNotFoundError, match="lazy_nowhere"):
        LazyPipeline("lazy_nowhere").inputs()

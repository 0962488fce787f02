"""The notebooks run from start to end on the sample, and stand in git without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from projects import ROOT, Project

pytestmark = pytest.mark.slow
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(path: Path, sample: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEDRO_ENV", "test")
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code[0].source == "%load_ext kedro.ipython"
    assert not any(cell.outputs for cell in code)
    folder = str(sample.path / "notebooks")
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}}).execute()
    errors = [
        output.text
        for cell in code
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert errors == []

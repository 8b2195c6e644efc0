"""Notebooks run from the first cell to the last in a folder of their own, and are kept without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_are_at_least_five_and_they_are_kept_small_and_without_outputs():
    assert len(NOTEBOOKS) >= 5
    for path in NOTEBOOKS:
        assert path.stat().st_size < 20_000
        cells = nbformat.read(path, as_version=4).cells
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def test_the_page_lists_every_one():
    page = (FOLDER.parent / "docs" / "notebooks.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"notebooks/{path.name})" not in page] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_runs_without_a_warning(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    assert not any(out.get("name") == "stderr" for out in outputs), outputs
    assert any("image/png" in out.get("data", {}) for out in outputs)

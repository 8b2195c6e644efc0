"""Fixtures of the tests of the command line."""

import pytest

from coopsim.cli import kernels
from tests.command_line import TINY


@pytest.fixture
def tiny(tmp_path):
    """Two small scenarios."""
    paths = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.toml"
        path.write_text(TINY.format(name=name), encoding="utf-8")
        paths.append(str(path))
    return paths


@pytest.fixture
def warm(monkeypatch):
    """Kernels are said to be compiled: no test of messages compiles them."""
    monkeypatch.setattr(kernels, "cold", lambda: False)

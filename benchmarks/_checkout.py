"""Imported first by scripts here: `coopsim` and `tests` are those of this checkout.

Some packages (AgentPy) install a package `tests` of their own, which would hide ours: a folder without ``__init__.py``.
"""

import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]

sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
tests = ModuleType("tests")
tests.__path__ = [str(ROOT / "tests")]
sys.modules["tests"] = tests

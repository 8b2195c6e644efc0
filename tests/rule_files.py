"""Rules of third parties as files: a module, and a package as an installer leaves it."""

RULE = """
from dataclasses import dataclass
from typing import ClassVar
import coopsim

@coopsim.rule("{kind}", "{name}")
@dataclass(frozen=True)
class {cls}:
    traits: ClassVar[coopsim.Traits] = coopsim.Traits(coopsim.Text("la mienne", "mine"), "mine")

    def {method}(self, ballot):
        {body}
"""
SOUND = {"kind": "voting rule", "name": "mine", "cls": "Mine", "method": "adopted", "body": "return True"}


def rule(**changes):
    """Return the text of a module with one voting rule."""
    return RULE.format(**{**SOUND, **changes})


def package(folder, name, module, point=""):
    """Lay a package out in a folder: one module, one entry point; returns the folder."""
    stem = name.replace("-", "_")
    info = folder / f"{stem}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[coopsim.rules]\nall = {point or stem}\n", encoding="utf-8")
    (folder / f"{stem}.py").write_text(module, encoding="utf-8")
    return folder

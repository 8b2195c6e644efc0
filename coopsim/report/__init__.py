"""The report of a comparison: one HTML file that needs nothing else."""

import errno
import os
from contextvars import copy_context
from pathlib import Path

from coopsim.comparison import Comparison
from coopsim.errors import reason_of, scenario_error
from coopsim.i18n import Lang, set_lang

__all__ = ["report_html", "write_report"]


def report_html(comparison: Comparison, language: Lang) -> str:
    """Return the report in a language; the caller's language stays as it was."""
    from coopsim.report.page import page

    def render() -> str:
        set_lang(language)
        return page(comparison)

    return copy_context().run(render)


def write_report(comparison: Comparison, path: str | Path, language: Lang) -> None:
    """Write the report; the file appears whole or not at all.

    Raises
    ------
    ScenarioError
        When the file cannot be written.
    """
    path = Path(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.touch()  # a place that cannot be written is refused before any drawing
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        partial.write_text(report_html(comparison, language), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise scenario_error(
            f"rapport impossible à écrire : {reason_of(error).fr}",
            f"the report cannot be written: {reason_of(error).en}",
            file=str(path),
        ) from error
    finally:
        partial.unlink(missing_ok=True)

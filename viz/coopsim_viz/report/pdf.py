"""The report as a PDF file: by WeasyPrint where it is installed, else by a browser of this computer, printing quietly.

The HTML report is the base and loads nothing; neither route asks the network.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text

FILE = "bilan.pdf"
_BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)  # fmt: skip
_QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-background-networking",
    "--disable-component-update", "--no-pdf-header-footer",
)  # fmt: skip
_SECONDS = 90
_NO_WAY = Text(
    'pas de PDF : ni WeasyPrint (pip install "coopsim[pdf]", avec la bibliothèque Pango du système ; ici : {why}), ni '
    "navigateur (Chromium, Chrome, Edge). Le bilan HTML s'imprime en PDF depuis n'importe quel navigateur.",
    'no PDF: neither WeasyPrint (pip install "coopsim[pdf]", with the system\'s library Pango; here: {why}) nor a '
    "browser (Chromium, Chrome, Edge). Any browser prints the HTML report to PDF.",
)
_FAILED = Text("le navigateur n'a pas écrit le PDF", "the browser did not write the PDF")


def write_pdf(html: Path, target: Path) -> str:
    """Write an HTML file without anything outside it as PDF; returns what made it, ``weasyprint`` or a browser's name.

    Raises
    ------
    ScenarioError
        When nothing on this computer can make a PDF.
    """
    fresh = target.with_name(f".{target.name}.new")
    maker, why = _weasyprint()
    if maker is not None:
        maker.HTML(string=html.read_text(encoding="utf-8"), url_fetcher=_nothing).write_pdf(fresh)
        fresh.replace(target)
        return "weasyprint"
    browser = _browser()
    if browser is None:
        raise ScenarioError([Problem(_NO_WAY.format(why=why))])
    _print(browser, html, fresh)
    fresh.replace(target)
    return Path(browser).name


def _weasyprint() -> tuple[Any, str]:
    """Return the library, or why it is not there: not installed, or without Pango."""
    try:
        import weasyprint
    except ImportError:
        return None, "WeasyPrint ?"
    except OSError as error:  # the Python package is there, the system's library is not
        return None, str(error).splitlines()[0][:120]
    return weasyprint, ""


def _nothing(url: str, *_: Any, **__: Any) -> Any:
    """Refuse to fetch: the report holds all that it shows."""
    raise ValueError(url[:80])


def _browser() -> str | None:
    return next((found for name in _BROWSERS if (found := shutil.which(name)) is not None), None)


def _print(browser: str, html: Path, target: Path) -> None:
    root = (
        ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    )  # Chromium refuses root otherwise
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            *_QUIET,
            *root,
            f"--user-data-dir={profile}",
            f"--print-to-pdf={target}",
            html.as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)  # nosec B603  # no shell
        except (OSError, subprocess.SubprocessError) as error:
            raise ScenarioError([Problem(_FAILED, file=str(target), value=Path(browser).name)]) from error
    if not target.is_file() or not target.read_bytes().startswith(b"%PDF"):
        raise ScenarioError([Problem(_FAILED, file=str(target), value=Path(browser).name)])

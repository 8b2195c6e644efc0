"""Settings of the documentation site: ``make docs`` builds it without a network."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generated  # the pages made out of the catalogue
from pygments.lexers.special import TextLexer

import coopsim

project = "coopsim"
author = "The coopsim developers"
version = release = coopsim.__version__
extensions = [  # formulas stay as they are written where no network brings MathJax
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["fr/fiches/*.html", "reference/limits.md"]  # limits.md is part of another page
html_theme = "furo"
html_title = f"coopsim {release}"
html_static_path: list[str] = []
html_show_sphinx = False
html_copy_source = False
myst_enable_extensions = [  # formulas stay as they are written where no network brings MathJax
    "dollarmath",
    "deflist",
    "colon_fence",
]
myst_heading_anchors = 4
autosummary_generate = False  # numpydoc loads it; api.md names what stands there
numpydoc_show_class_members = False
autodoc_typehints = "none"


def setup(app):  # noqa: ANN001, ANN201 - the signature is Sphinx's
    """Write the generated pages before the sources are read; Pygments knows no CSV."""
    app.add_lexer("csv", TextLexer)
    app.connect("builder-inited", lambda _app: generated.write(Path(__file__).parent / "reference"))

"""One-page French sheets of scenarios: question, contrast, what to look at, result, what to discuss, limits."""

from coopsim.sheets.content import Sheet, line_of, make_sheet
from coopsim.sheets.page import html, index, markdown
from coopsim.sheets.texts import Guide, guide_of, partner_of, sheet_names

__all__ = [
    "Guide",
    "Sheet",
    "guide_of",
    "html",
    "index",
    "line_of",
    "make_sheet",
    "markdown",
    "partner_of",
    "sheet_names",
]

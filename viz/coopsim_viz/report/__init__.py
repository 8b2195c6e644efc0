"""The report of a session: one self-contained page to print, keep and send."""

from coopsim_viz.report.page import report_html, write_report
from coopsim_viz.report.pdf import write_pdf

__all__ = ["report_html", "write_pdf", "write_report"]

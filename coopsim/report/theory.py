"""Promise against proof in the report: one table a theory of change, one row a step, one column a lane."""

from string import ascii_uppercase
from typing import Any

from coopsim.comparison import Comparison
from coopsim.comparison.theory import (
    Theory,
    needs_words,
    promise_words,
    territory_names,
    worlds_words,
)
from coopsim.report.texts import PAGE


def theory_tables(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the tables in words; none where no scenario has a theory of change."""
    return [_table(comparison, theory) for theory in comparison.theories]


def _table(comparison: Comparison, theory: Theory) -> dict[str, Any]:
    names = territory_names(comparison)
    rows = []
    for n, step in enumerate(theory.steps):
        needs = needs_words(step, theory.steps)
        cells = [worlds_words(lane[n], comparison.last_year) for lane in theory.proofs]
        rows.append(
            {
                "label": str(step.said),
                "promise": promise_words(step, names),
                "needs": str(PAGE["needs"].format(steps=needs)) if needs else "",
                "cells": [{"in_time": told[0], "met": told[1], "value": told[2]} for told in cells],
            }
        )
    lanes = ", ".join(ascii_uppercase[lane] for lane in theory.lanes)
    return {"title": str(PAGE["promised_by"].format(lanes=lanes)), "rows": rows}

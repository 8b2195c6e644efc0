"""What was tried: every branch, where it left, what it changed, its name."""

from collections.abc import Callable
from typing import Any

import solara

from coopsim.i18n import Lang
from coopsim_viz.pages.common import safe, use_stage, word
from coopsim_viz.pages.fields import Choice
from coopsim_viz.room.frame import tree
from coopsim_viz.stage import Stage


@solara.component
def History(stage: Stage, lang: Lang, say: Callable[[str], None]) -> None:
    """Show the tree as a list, oldest first, indented by descent; names are given here."""
    rows = use_stage(lambda s: tree(s.room))
    which, choose = solara.use_state(0)
    name, write = solara.use_state("")
    first = stage.room.base["A"].start_year
    with solara.Card(word("tree", lang), classes=["cs-tree"]):
        for row in rows:
            here = f" ← {word('here', lang)}" if row["here"] else ""
            text = _named(row, first, lang) + here
            solara.Text(text, style=f"margin-left: {1.2 * _depth(rows, row):.1f}em", classes=["cs-branch"])
        Choice(
            word("branch", lang),
            [_named(row, first, lang) for row in rows],
            next((_named(row, first, lang) for row in rows if row["id"] == which), ""),
            lambda text: choose(next(row["id"] for row in rows if _named(row, first, lang) == text)),
        )
        solara.InputText(word("name_branch", lang), value=name, on_value=write, continuous_update=True)
        visit = safe(say, lambda: stage.room.visit(which))
        solara.Button(word("visit", lang), on_click=visit, classes=["cs-visit"])
        solara.HTML(tag="p", unsafe_innerHTML=word("visit_help", lang), classes=["cs-help"])
        solara.Button(
            word("rename", lang),
            on_click=safe(say, lambda: stage.room.rename(which, name)),
            disabled=not name.strip(),
        )


def _named(row: dict[str, Any], first: int, lang: Lang) -> str:
    """Return a branch with its number, its date and what it is."""
    since = word("from_year", lang, year=first + row["start"] // 4)
    return f"{row['lane']}{row['id']} · {since} · {_told(row, lang)}"


def _told(row: dict[str, Any], lang: Lang) -> str:
    """Return the name that people gave, else what was changed last."""
    sign = {"amendment": "§ ", "shock": "⚡ ", "choice": "✋ "}.get(row["kind"], "")
    return str(row["name"]) or sign + (str(row[lang]) or word("trunk", lang))


def _depth(rows: list[dict[str, Any]], row: dict[str, Any]) -> int:
    depth = 0
    while row["parent"] is not None:
        row, depth = rows[row["parent"]], depth + 1
    return depth

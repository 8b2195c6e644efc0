"""Comparer: two branches of the session on many worlds; for the debrief, on the facilitator's screen."""

from typing import Any

from coopsim.i18n import Lang
from coopsim_viz.rendering import rendered
from coopsim_viz.room.frame import tree
from coopsim_viz.stage import Stage
from coopsim_viz.words import COMPARE, said


def compare_page(stage: Stage, lang: Lang) -> str:
    """Return the page: branches to choose, comparisons asked for."""
    room = stage.room
    start = room.base["A"].start_year
    branches = [
        {
            "id": row["id"], "title": row["name"] or row[lang] or _title(stage, row["lane"], lang),
            "lane": row["lane"], "year": start + row["start"] // 4, "here": row["here"],
        }
        for row in tree(room)
    ]  # fmt: skip
    jobs = [
        {"one": j.one, "other": j.other, "state": j.state, "file": j.file, "error": j.error}
        for j in _jobs(stage)
    ]
    return rendered(
        "coopsim_viz.server", "compare.html.j2",
        w=said(COMPARE, lang), lang=lang, branches=branches, jobs=jobs, token=stage.token,
        running=any(job["state"] == "running" for job in jobs),
    )  # fmt: skip


def _jobs(stage: Stage) -> list[Any]:
    return list(reversed(stage.comparisons.jobs)) if stage.comparisons is not None else []


def _title(stage: Stage, lane: str, lang: Lang) -> str:
    title = stage.room.base[lane].title
    return title.said(lang)

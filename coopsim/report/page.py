"""The report as one HTML page."""

from pathlib import Path
from string import ascii_uppercase
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from coopsim.comparison import Comparison
from coopsim.comparison.words import number
from coopsim.i18n import lang, tied
from coopsim.report import tables
from coopsim.report.answers import answers
from coopsim.report.donut_figure import donuts, marks, not_modelled
from coopsim.report.fans import fans
from coopsim.report.highlights import highlights, typical_world
from coopsim.report.maps import maps
from coopsim.report.phase import phase_planes
from coopsim.report.svg import lane_colour
from coopsim.report.texts import LIMITS, PAGE
from coopsim.report.theory import theory_tables

_FOLDER = Path(__file__).parent


def page(comparison: Comparison) -> str:
    """Return the page in the language in force."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_typeset,
    )
    return environment.get_template("report.html.j2").render(_context(comparison))


def _typeset(value: Any) -> Any:
    """Return a text of the page, French signs tied to their words so that no line starts with one."""
    if lang() == "fr" and isinstance(value, str) and not isinstance(value, Markup):
        return tied(value)
    return value


def _context(comparison: Comparison) -> dict[str, Any]:
    manifest = comparison.manifest
    seed = typical_world(comparison)
    style = (_FOLDER / "style.css").read_text(encoding="utf-8")
    return {
        "lang": lang(),
        "t": {name: str(text) for name, text in PAGE.items()},
        "fill": {"year": comparison.last_year, "n": len(comparison.seeds), "seed": seed},
        "style": Markup(style),  # nosec B704  # our own file
        "lanes": _lanes(comparison),
        "answers": answers(comparison),
        "groups": tables.indicator_groups(comparison),
        "maps": _marked_maps(comparison),
        "places": [row["name"] for row in manifest["context"]["case"]["territories"]],
        "phase": [_marked(picture) for picture in phase_planes(comparison)],
        "fans": [_marked(picture) for picture in fans(comparison)],
        "donut": [_marked(picture) for picture in donuts(comparison)],
        "marks": marks(),
        "not_modelled": not_modelled(),
        "theories": theory_tables(comparison),
        "journal": highlights(comparison, seed),
        "rules": tables.rules(comparison),
        "grades": tables.grades(comparison),
        "assumptions": tables.assumptions(comparison),
        "limits": [str(text) for text in LIMITS],
        "provenance": _provenance(comparison),
    }


def _lanes(comparison: Comparison) -> list[dict[str, str]]:
    return [
        {
            "letter": ascii_uppercase[lane],
            "name": scenario["name"],
            "title": scenario["title"][lang()],
            "question": scenario["question"][lang()],
            "hash": scenario["hash"],
            "colour": lane_colour(lane),
        }
        for lane, scenario in enumerate(comparison.manifest["scenarios"])
    ]


def _marked(picture: dict[str, str]) -> dict[str, Any]:
    """Return a picture whose SVG, made here from escaped texts, goes into the page as it is."""
    return {**picture, "svg": Markup(picture["svg"])}  # nosec B704  # as said above


def _marked_maps(comparison: Comparison) -> list[dict[str, Any]]:
    return [{**shown, "lanes": [_marked(lane) for lane in shown["lanes"]]} for shown in maps(comparison)]


def _provenance(comparison: Comparison) -> dict[str, Any]:
    manifest, seeds = comparison.manifest, comparison.seeds
    names = " ".join(comparison.names)
    return {
        "command": f"coopsim compare {names} --replicates {len(seeds)} --seed {seeds[0]}",
        "seeds": f"{seeds[0]} – {seeds[-1]}",
        "case": manifest["context"]["case"]["title"][lang()],
        "horizon": f"{comparison.ensemble.start_year} – {comparison.last_year}",
        "versions": ", ".join(f"{name} {version}" for name, version in manifest["versions"].items()),
        "machine": manifest["platform"],
        "runs": str(
            PAGE["runs"].format(
                n=len(seeds) * len(comparison.names),
                years=comparison.ensemble.years,
                seconds=number(manifest["duration_s"], "", 1),
            )
        ),
    }

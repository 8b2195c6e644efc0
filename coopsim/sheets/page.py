"""A sheet as Markdown, or as a page of HTML that prints on one side of A4."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from coopsim.i18n import tied
from coopsim.indicators import BY_NAME
from coopsim.sheets.content import Sheet

_READ = (
    "Fin {year}, {n} mondes, les mêmes pour les deux scénarios. Valeurs : médianes. Écart : moyenne et intervalle "
    "à 95 %. Un verdict demande un intervalle qui exclut 0 et 4 mondes sur 5 d'accord."
)


def markdown(sheet: Sheet) -> str:
    """Return the sheet as Markdown."""
    lines = [f"# {sheet.title}", "", f"**Question.** {sheet.question}", ""]
    if sheet.partner:
        lines += [
            f"**Contraste.** « {sheet.title} » (`{sheet.name}`) contre « {sheet.partner_title} » (`{sheet.partner}`).",
            "",
        ]
    lines += ["**À regarder.** " + ", ".join(look(sheet)) + ".", "", f"**Résultat.** {sheet.sentence}", ""]
    head = ["Indicateur", "Contraste", "Ici", "Écart [95 %]", "Verdict"]
    lines += ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        f"| {row.label} ({row.unit}) | {row.partner} | {row.here} | {row.difference} | {row.mark} {row.verdict} |"
        for row in sheet.rows
    ]
    lines += ["", note(sheet), "", "**À discuter.**", ""]
    lines += [f"{number}. {question}" for number, question in enumerate(sheet.guide.discuss, start=1)]
    lines += ["", "**Ce que le modèle ne peut pas dire.**", ""]
    lines += [f"- {limit}" for limit in sheet.guide.cannot]
    return "\n".join([*lines, "", f"Refaire : `{sheet.command}`", ""])


def html(sheet: Sheet) -> str:
    """Return the sheet as a page of its own, one side of A4."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_tied,
    )
    return environment.get_template("sheet.html.j2").render(
        sheet=sheet,
        look=look(sheet),
        note=note(sheet),
        figure=Markup(sheet.figure),  # nosec B704  # drawn here, its texts escaped
    )


def _tied(value: Any) -> Any:
    """Return a text whose French signs stay with their words."""
    return tied(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def look(sheet: Sheet) -> list[str]:
    """Return the labels of the indicators to look at first."""
    return [BY_NAME[name].label.fr for name in sheet.guide.look]


def note(sheet: Sheet) -> str:
    """Return how the table reads."""
    return _READ.format(year=sheet.last_year, n=sheet.replicates)


def index(sheets: Sequence[tuple[str, str, str]]) -> str:
    """Return the page that lists sheets, given as (name, title, question)."""
    lines = ["# Fiches des scénarios", "", "Une page chacune ; faites par `coopsim sheet`.", ""]
    lines += [f"- [{title}]({name}.md) – {question}" for name, title, question in sheets]
    return "\n".join([*lines, ""])

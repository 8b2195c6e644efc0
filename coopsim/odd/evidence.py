"""Rules, parameters and data of a scenario, each with its evidence; what is missing is said."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from coopsim.catalogue import key_names
from coopsim.catalogue.keys import key_schema
from coopsim.comparison.labels import key_label
from coopsim.i18n import Text, lang
from coopsim.odd.blocks import Block, Bullets, Grid, Heading, Para
from coopsim.odd.docstrings import references, story
from coopsim.scenario import Scenario, parameters
from coopsim.scenario.overlay import at
from coopsim.scenario.parameters import Parameter
from coopsim.scenario.rules import all_rules

MISSING = Text("**source manquante**", "**source missing**")
_CHOSEN = Text("choix du scénario", "choice of the scenario")
_GRADES = {
    "measured": Text("mesuré", "measured"),
    "literature": Text("littérature", "literature"),
    "assumption": Text("hypothèse", "assumption"),
}
_LAW = re.compile(r"\(([^()]*(?:CGCT|CGI|[Cc]ode|[Ll]aw)[^()]*)\)")
_OWN = Text(
    "valeur du modèle : les tables du cas n'ont pas cette colonne",
    "value of the model: the tables of the case have no such column",
)
_ABSENT = Text("absent", "absent")
_KINDS = (
    ("boundary", Text("Qui participe ?", "Who takes part?")),
    ("position", Text("Qui siège ?", "Who sits?")),
    ("choice", Text("Que peut-on décider ?", "What may be decided?")),
    ("aggregation", Text("Comment décide-t-on ?", "How is it decided?")),
    ("information", Text("Que sait-on ?", "What is known?")),
    ("payoff", Text("Qui paie, qui gagne ?", "Who pays, who gains?")),
    ("scope", Text("Quelles limites ?", "Which limits?")),
)


def shown(value: Any) -> str:
    """Return a value as people read it in the language in force."""
    if value is None:
        return str(_ABSENT)
    if isinstance(value, bool):
        return str(Text("oui", "yes") if value else Text("non", "no"))
    if isinstance(value, int | float):
        text = f"{value:.10g}"
        return text.replace(".", ",") if lang() == "fr" else text
    if isinstance(value, Mapping):
        rest = "; ".join(f"{name} = {shown(item)}" for name, item in value.items() if name != "rule")
        rule = str(value.get("rule", ""))
        return f"{rule} ({rest})" if rule and rest else rule or rest
    if isinstance(value, list | tuple):
        return "; ".join(shown(item) for item in value) or str(Text("aucun", "none"))
    return str(value)


def grade(name: str) -> str:
    """Return a grade in words; one that is missing is said."""
    return str(_GRADES.get(name, MISSING)) if name else str(MISSING)


def rules(spec: Scenario) -> list[Block]:
    """Return the rules in force: every governance key by kind, then what each named rule is, then dated changes."""
    document = spec.document()
    heads = _heads("Clé", "Key", "Règle", "Rule", "Valeur", "Value", "Unité", "Unit", "Indice", "Grade",
                   "Source", "Source", "Leviers", "Levers")  # fmt: skip
    out: list[Block] = []
    for kind, title in _KINDS:
        rows = [
            _rule_row(key, schema, at(document, tuple(key.split("."))))
            for key, schema in _governance()
            if key.startswith(f"governance.{kind}.")
        ]
        out += [Heading(4, str(title)), Grid(heads, tuple(rows))]
    out += _variants(document)
    return [*out, *_dated(document)]


def _governance() -> list[tuple[str, dict[str, Any]]]:
    """Return the governance keys that hold a value; the tables of a list are one value."""
    names = [name for name in key_names() if name.startswith("governance.")]
    inner = {name.rpartition(".")[0] for name in names}
    lists = [name for name in names if (key_schema(name) or {}).get("type") == "array"]
    return [
        (name, key_schema(name) or {})
        for name in names
        if (name not in inner or name in lists) and not any(name.startswith(f"{other}.") for other in lists)
    ]


def _rule_row(key: str, schema: Mapping[str, Any], value: Any) -> tuple[str, ...]:
    default = value == schema.get("default") or value is None
    label, _ = key_label(key)
    source = _source_of_rule(schema, value) or str(schema.get("source") or "")
    if not source:
        law = _LAW.search(label.en)  # a label that cites its article
        source = law[1] if law and default else str(MISSING if default else _CHOSEN)
    unit = "" if schema.get("unit") == "1" else str(schema.get("unit", ""))
    evidence = grade(str(schema.get("grade", ""))) if default else str(_CHOSEN)
    short = key.removeprefix("governance.")
    return (
        f"`{short}`", str(label), shown(value), unit, evidence, source, " ".join(schema.get("levers", ())),
    )  # fmt: skip


def _source_of_rule(schema: Mapping[str, Any], value: Any) -> str:
    cls = _rule_class(schema, value)
    return "" if cls is None else (cls.traits.source or str(MISSING))


def _rule_class(schema: Mapping[str, Any], value: Any) -> Any:
    if "x-rule" not in schema:
        return None
    name = value.get("rule") if isinstance(value, Mapping) else value
    return all_rules()[0][schema["x-rule"]].classes().get(str(name))


def _variants(document: Mapping[str, Any]) -> list[Block]:
    """Return what each named rule in force is."""
    rows: dict[tuple[str, str], tuple[str, ...]] = {}
    for key, schema in _governance():
        value = at(document, tuple(key.split(".")))
        cls = _rule_class(schema, value)
        if cls is None:
            continue
        name = str(value.get("rule") if isinstance(value, Mapping) else value)
        kind = all_rules()[0][schema["x-rule"]]
        given = {k: v for k, v in value.items() if k != "rule"} if isinstance(value, Mapping) else {}
        own = {**kind.parameters(name), **given}
        rows[schema["x-rule"], name] = (
            f"`{name}`", schema["x-rule"], str(cls.traits.summary), shown(own) if own else "",
            cls.traits.source or str(MISSING), " ".join(cls.traits.levers),
        )  # fmt: skip
    title = Text("Règles nommées en vigueur", "Named rules in force")
    heads = _heads("Règle", "Rule", "Sorte", "Kind", "Ce qu'elle fait", "What it does", "Paramètres", "Parameters",
                   "Source", "Source", "Leviers", "Levers")  # fmt: skip
    return [Heading(4, str(title)), Grid(heads, tuple(rows.values()))]


def _dated(document: Mapping[str, Any]) -> list[Block]:
    changes = document.get("territory", [])
    title = Text("Règles d'un territoire ou d'une date", "Rules of one territory or from a date")
    if not changes:
        nothing = Text(
            "Aucune : ces règles valent partout et toujours.", "None: these rules hold everywhere, always."
        )
        return [Heading(4, str(title)), Para(str(nothing))]
    items = [
        f"{change.get('code') or change.get('name')}, {change.get('from', 0)}: `{change['governance']}`"
        for change in changes
    ]
    return [Heading(4, str(title)), Bullets(tuple(items))]


def parameter_tables(spec: Scenario, models: Mapping[str, Any]) -> list[Block]:
    """Return every parameter by section, below what the module of the section says of itself.

    Parameters
    ----------
    models : mapping of str to module
        Module that each section parametrises.
    """
    sections: dict[str, list[Parameter]] = {}
    for parameter in parameters().values():
        sections.setdefault(parameter.section, []).append(parameter)
    heads = _heads("Paramètre", "Parameter", "Sens", "Meaning", "Valeur", "Value", "Unité", "Unit", "Plage plausible",
                   "Plausible range", "Indice", "Grade", "Source", "Source")  # fmt: skip
    out: list[Block] = []
    for section in sorted(sections):
        out.append(Heading(4, f"`{section}`"))
        module = models.get(section)
        if module is not None:
            out += story(module)
            cited = references(module)
            out += [Bullets(tuple(cited))] if cited else []
        values = spec.section(section)
        rows = tuple(_parameter_row(p, values[p.name]) for p in sections[section])
        out.append(Grid(heads, rows))
    return out


def _parameter_row(p: Parameter, value: Any) -> tuple[str, ...]:
    text = shown(value)
    if _plain(value) != _plain(p.value):
        was = Text("(défaut : {d})", "(default: {d})").format(d=shown(p.value))
        text = f"**{text}** {was}"
    span = " – ".join(shown(x) for x in p.range) if p.range else ", ".join(p.choices)
    unit = "" if p.unit == "1" else p.unit
    return (f"`{p.key}`", str(p.text), text, unit, span, grade(p.grade), p.source.strip() or str(MISSING))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def data(spec: Scenario) -> list[Block]:
    """Return the data of the case: every column with its source and grade, the missing ones among them."""
    case = spec.load_case()
    heads = _heads("Table", "Table", "Colonne", "Column", "Lignes", "Rows", "Unité", "Unit", "Année", "Year",
                   "Indice", "Grade", "Source", "Source")  # fmt: skip
    told = case.sources
    rows: list[tuple[str, ...]] = []
    seen: set[tuple[str, str]] = set()
    for line in told.to_dict("records"):
        table = str(line["table"]).removesuffix(".csv")
        seen.add((table, str(line["column"])))
        source = str(line["source"]).strip()
        scope = str(line["scope"])
        every = Text("toutes", "all")
        rows.append(
            (
                table, str(line["column"]), str(every) if scope == "*" else scope, _text(line["unit"]),
                _text(line["year"]), grade(str(line["grade"])), source or str(MISSING),
            )
        )  # fmt: skip
    for field in type(case).__dataclass_fields__:
        frame = getattr(case, field)
        if not isinstance(frame, pd.DataFrame) or field == "sources" or frame.empty:
            continue
        # of a case with sources every column of its files has one: the others are the model's own
        unsaid = (str(MISSING), str(MISSING)) if told.empty else (grade("assumption"), str(_OWN))
        blank = ("", "", "", *unsaid)
        rows += [(field, str(c), *blank) for c in frame.columns if (field, str(c)) not in seen]
    counts = Counter(row[5] for row in rows)
    summary = Text(
        "{n} colonnes ou parties de colonnes : {counts}.", "{n} columns or parts of columns: {counts}."
    ).format(n=len(rows), counts=", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    out: list[Block] = [Para(str(summary))]
    if spec.spec.case.synthetic is not None:
        made = Text(
            "Cas synthétique : aucun chiffre ne vient d'une source, tous sont des hypothèses du scénario.",
            "Synthetic case: no figure comes from a source, all are assumptions of the scenario.",
        )
        out.append(Para(str(made)))
    return [*out, Grid(heads, tuple(rows))]


def _text(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and value != value) else str(value)  # noqa: PLR0124 - NaN


def _heads(*pairs: str) -> tuple[str, ...]:
    """Return heads in the language in force from French and English in turn."""
    return tuple(str(Text(fr, en)) for fr, en in zip(pairs[::2], pairs[1::2], strict=True))

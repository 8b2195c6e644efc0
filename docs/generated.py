"""The reference pages that are made out of the catalogue: they cannot differ from the code."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from coopsim.catalogue import key_names, key_record, records
from coopsim.cli.commands import COMMANDS
from coopsim.cli.extras import extra_commands
from coopsim.comparison.context import case_grades
from coopsim.comparison.words import GROUPS, UNITS
from coopsim.i18n import Text
from coopsim.report.texts import LIMITS
from coopsim.scenario.case import load_case
from coopsim.scenario.shipped import shipped

Row = Mapping[str, Any]


def write(folder: Path) -> None:
    """Write every generated page into a folder; a page that did not change is left alone."""
    folder.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        path, text = folder / f"{name}.md", page()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _keys() -> str:
    tables: dict[str, list[Row]] = defaultdict(list)
    for key in key_names():
        record = key_record(key)
        if record is not None and "keys" not in record:
            tables[key.rpartition(".")[0]].append(record)
    lines = [
        "# Scenario keys",
        "",
        f"Every key that a scenario file may set: {sum(map(len, tables.values()))}.",
        "",
    ]
    for table in sorted(tables):
        lines += [f"## `[{table}]`" if table else "## At the top of a file", ""]
        lines += _table(
            ("key", "what it says", "unit", "allowed", "default", "grade", "levers"),
            (
                (
                    f"`{r['name'].rpartition('.')[2]}`",
                    _en(r.get("label")),
                    r.get("unit", ""),
                    r.get("allowed", ""),
                    _code(r.get("default")),
                    r.get("grade", ""),
                    ", ".join(r.get("levers", ())),
                )
                for r in tables[table]
            ),
        )
    return "\n".join(lines)


def _rules() -> str:
    kinds: dict[str, list[Row]] = defaultdict(list)
    for record in records("rules"):
        kinds[record["rule_kind"]].append(record)
    lines = [
        "# Named rules",
        "",
        "Rules with variants, named in a scenario; [your own](../own-rule.md) stand beside them.",
        "",
    ]
    for kind, found in kinds.items():
        used = ", ".join(f"`{key}`" for key in found[0]["used_by"])
        lines += [f"## {kind.capitalize()}", "", f"Named by {used}." if used else "", ""]
        lines += _table(
            ("rule", "what it does", "parameters", "source", "levers"),
            (
                (
                    f"`{r['name']}`",
                    _en(r["label"]),
                    ", ".join(f"`{p}`" for p in r["parameters"]),
                    r["source"],
                    ", ".join(r["levers"]),
                )
                for r in found
            ),
        )
    return "\n".join(lines)


def _parameters() -> str:
    parts: dict[str, list[Row]] = defaultdict(list)
    for record in records("parameters"):
        parts[record["name"].rpartition(".")[0]].append(record)
    count = sum(map(len, parts.values()))
    lines = [
        "# Parameters",
        "",
        f"The {count} parameters of the model, each with its source. A scenario may set any of them.",
        "",
    ]
    for part in sorted(parts):
        lines += [f"## `[{part}]`", ""]
        lines += _table(
            ("parameter", "meaning", "value", "unit", "swept", "grade", "source"),
            (
                (
                    f"`{r['name'].rpartition('.')[2]}`",
                    _en(r["label"]),
                    _code(r["value"]),
                    r["unit"],
                    "" if r["range_low"] is None else f"{r['range_low']:g} – {r['range_high']:g}",
                    r["grade"],
                    r["source"],
                )
                for r in parts[part]
            ),
        )
    return "\n".join(lines)


def _indicators() -> str:
    groups: dict[str, list[Row]] = defaultdict(list)
    for record in records("indicators"):
        groups[record["group"]].append(record)
    better = {1: "more", -1: "less", 0: ""}
    lines = ["# Indicators", "", "What a run records of each territory and of the whole, every quarter.", ""]
    for group, found in groups.items():
        lines += [f"## {group.capitalize()}", ""]
        lines += _table(
            ("indicator", "meaning", "unit", "better", "formula", "source"),
            (
                (
                    f"`{r['name']}`",
                    _en(r["label"]),
                    r["unit"],
                    better.get(r["direction"], ""),
                    r["formula"],
                    r["source"],
                )
                for r in found
            ),
        )
    return "\n".join(lines)


def _indicators_in_french() -> str:
    groups: dict[str, list[Row]] = defaultdict(list)
    for record in records("indicators"):
        groups[record["group"]].append(record)
    better = {1: "plus, c'est mieux", -1: "moins, c'est mieux", 0: ""}
    lines = [
        "# Indicateurs",
        "",
        "Ce que chaque simulation relève chaque trimestre, et comment l'écran l'appelle.",
        "",
    ]
    for group, found in groups.items():
        lines += [f"## {GROUPS[group].fr}", ""]
        lines += _table(
            ("à l'écran", "en anglais", "dans les fichiers", "unité", "sens"),
            (
                (
                    r["label"].fr,
                    r["label"].en,
                    f"`{r['name']}`",
                    UNITS.get(r["unit"], Text(r["unit"], "")).fr,
                    better.get(r["direction"], ""),
                )
                for r in found
            ),
        )
    return "\n".join(lines)


def _moves() -> str:
    lines = [
        "# Moves of councils",
        "",
        "What a council may draft, argue, vote and carry out, and who pays.",
        "",
    ]
    lines += _table(
        ("move", "what it does", "family", "paid by", "levers"),
        (
            (f"`{r['name']}`", _en(r["label"]), r["family"], r["payer"], ", ".join(r["levers"]))
            for r in records("moves")
        ),
    )
    lines += ["## Events", ""]
    lines += _table(
        ("event", "what happens", "unit", "allowed"),
        (
            (f"`{r['name']}`", _en(r["label"]), r["unit"], _bounds(r["legal_low"], r["legal_high"]))
            for r in records("events")
        ),
    )
    return "\n".join(lines)


def _scenarios() -> str:
    kinds: dict[str, list[Row]] = defaultdict(list)
    for record in records("scenarios"):
        kinds[record["type"]].append(record)
    lines = [
        "# Shipped scenarios",
        "",
        "Each can be run, compared, extended: `coopsim explain NAME` prints its rules.",
        "",
    ]
    for kind, found in kinds.items():
        lines += [f"## {kind.capitalize()}", ""]
        lines += _table(
            ("name", "title", "question", "extends"),
            (
                (
                    f"`{r['name']}`",
                    _en(r["title"]),
                    _en(r["question"]),
                    ", ".join(f"`{e}`" for e in r["extends"]),
                )
                for r in found
            ),
        )
    return "\n".join(lines)


def _commands() -> str:
    lines = [
        "# Command line",
        "",
        "What `coopsim COMMAND --help` prints; with `--lang fr` it says the same in French.",
        "",
    ]
    for name in (*COMMANDS, *sorted(extra_commands())):
        lines += [f"## `coopsim {name}`", "", "```text", _help(name), "```", ""]
    return "\n".join(lines)


def _data() -> str:
    grades = ("measured", "literature", "assumption")
    lines = [
        "# Grades of the data",
        "",
        "How many figures bear each grade, counted in the files; what the grades say: [limits](../limits.md).",
        "",
    ]
    rows = []
    for folder in sorted(path.parent for path in shipped("cases").glob("*/case.toml")):
        counts = case_grades(load_case(folder.name))
        rows.append((f"case `{folder.name}`", *(f"{counts[grade]:,}" for grade in grades)))
    found = [record["grade"] for record in records("parameters")]
    rows.append(("parameters of the model", *(str(found.count(grade)) for grade in grades)))
    return "\n".join([*lines, *_table(("figures of", *grades), rows)])


def _limits() -> str:
    return "\n".join([*(f"- {text.en}" for text in LIMITS), ""])


def _help(*command: str) -> str:
    """Return what the command line says of itself, without boxes and colours."""
    plain = {
        **os.environ,
        "TERM": "dumb",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "COOPSIM_LANG": "en",
        "LANG": "C.UTF-8",
    }
    words = [sys.executable, "-c", "from coopsim.cli import main; main()", "--lang", "en", *command, "--help"]
    return subprocess.run(words, capture_output=True, text=True, check=True, env=plain).stdout.strip("\n")


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(x) for x in row) + " |" for row in rows]
    return [*lines, ""]


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text.replace("|", "\\|").replace("<", "&lt;").replace("$", "\\$")


def _en(text: Text | str | None) -> str:
    return text.en if isinstance(text, Text) else str(text or "")


def _code(value: object) -> str:
    return "" if value is None or value == "" else f"`{value}`"


def _bounds(low: float | None, high: float | None) -> str:
    return (
        ""
        if low is None and high is None
        else f"{'' if low is None else f'{low:g}'} – {'' if high is None else f'{high:g}'}"
    )


PAGES: dict[str, Callable[[], str]] = {
    "commands": _commands,
    "data": _data,
    "indicateurs": _indicators_in_french,
    "indicators": _indicators,
    "keys": _keys,
    "limits": _limits,
    "moves": _moves,
    "parameters": _parameters,
    "rules": _rules,
    "scenarios": _scenarios,
}

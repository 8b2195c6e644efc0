"""The sheets as a page in Markdown, in the language in force."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from coopsim.comparison.words import number
from coopsim.i18n import Text, lang
from coopsim.levers import Sheet, Sheets
from coopsim.levers.accounts import ACCOUNTS, NAMES
from coopsim.levers.expected import MoveEffect

_TITLE = Text("# Qui paie, qui gagne, levier par levier", "# Who pays, who gains, lever by lever")
_INTRO = Text(
    "Scénario « {title} » (`{name}`), {years} ans, {n} mondes appariés (graines {first} à {last}), {date}.\n\n"
    "Écrit par `{command}` : ne pas corriger à la main.\n\nChaque ligne compare le même monde avec et sans un "
    "levier, tout le reste égal. En gras : l'intervalle à 95 % ne contient pas 0. **+** : gagne ; **−** : perd. "
    "Les comptes en argent sont des flux annuels moyens, de somme nulle : ce que les uns reçoivent, d'autres le "
    "paient. Les autres comptes sont lus à la fin. Une ligne sans gras n'a pas d'effet établi avec ce nombre de "
    "mondes ; sur vingt cases sans effet, une est en gras par hasard. La rivière est jugée au plancher que "
    "fixent les règles : un plancher plus haut est plus souvent franchi.",
    "Scenario '{title}' (`{name}`), {years} years, {n} paired worlds (seeds {first} to {last}), {date}.\n\n"
    "Written by `{command}`: do not correct by hand.\n\nEach line compares the same world with and without a "
    "lever, all else equal. In bold: the 95% interval does not contain 0. **+** gains, **−** loses. The money "
    "accounts are mean yearly flows and sum to zero: what some receive others pay. The other accounts are read "
    "at the end. A line without bold has no established effect with this number of worlds; of twenty cells "
    "without effect, one is bold by chance. The river is judged by the floor that the rules set: a higher floor "
    "is crossed more often.",
)
_MONEY = Text("## L'argent, k€ par an (+ reçoit, − paie)", "## Money, k€ a year (+ receives, − pays)")
_REST = Text("## Emplois, rivière, bois, sol (à la fin)", "## Jobs, river, wood, land (at the end)")
_LEVER = Text("levier", "lever")
_CHANGE = Text("sans → avec", "without → with")
_BUDGETS = Text("conseils gagnants / perdants", "councils gaining / losing")
_LUNCH_HEAD = Text("## À examiner : des gains sans payeur ?", "## For a human look: gains without a payer?")
_LUNCH = Text(
    "Leviers dont un sens apporte des gains nets dans au moins un compte et aucune perte nette dans aucun. Le payeur "
    "peut être hors des comptes (temps des élus, propriétaires, État), ou trop petit pour ce nombre de mondes.",
    "Levers of which one way brings clear gains in at least one account and no clear loss in any. The payer may be "
    "outside the accounts (time of councillors, owners, the State), or too small for this number of worlds.",
)
_LUNCH_LINE = Text(
    "- `{key}`, {way} ({off} → {on}) : {gainers}", "- `{key}`, {way} ({off} → {on}): {gainers}"
)
_WITH, _WITHOUT = Text("avec", "with it"), Text("sans", "without it")
_NO_LUNCH = Text("Aucun.", "None.")
_DEAD_HEAD = Text("## Leviers qui ne changent rien ici", "## Levers that change nothing here")
_DEAD = Text(
    "Aucune différence dans deux mondes : la clé n'agit qu'avec une autre, absente de ce scénario, ou sur une partie "
    "du modèle qu'il n'a pas.",
    "No difference in two worlds: the key acts only with another that this scenario does not have, or on a part of "
    "the model that it does not have.",
)
_LEFT_HEAD = Text("## Clés non essayées", "## Keys not tried")
_EXPECTED_HEAD = Text("## Attendu et réalisé, choix par choix", "## Expected and realised, move by move")
_EXPECTED = Text(
    "{name} fait un choix à la fin de la première année, personne d'autre ne décide ; son jumeau ne le fait pas. "
    "Six ans plus tard : emplois du territoire (%) et solde annuel moyen (% du budget), attendus par le conseil "
    "et réalisés (± erreur type, {n} mondes).",
    "{name} makes one move at the end of the first year and nobody else decides; its twin does not. Six years later: "
    "jobs of the territory (%) and mean yearly balance (% of the budget), as the council expected and as realised "
    "(± standard error, {n} worlds).",
)
_EXPECTED_COLUMNS = (
    Text("choix", "move"),
    Text("emplois attendus, %", "jobs expected, %"),
    Text("emplois réalisés, %", "jobs realised, %"),
    Text("solde attendu, % du budget", "balance expected, % of the budget"),
    Text("solde réalisé, % du budget", "balance realised, % of the budget"),
)


def page(found: Sheets, moves: Sequence[MoveEffect], mover: str, date: str, command: str) -> str:
    """Return the whole page.

    Parameters
    ----------
    found : Sheets
    moves : sequence of MoveEffect
        Expected and realised effects; empty to leave that part out.
    mover : str
        Name of the territory that makes the moves.
    date, command : str
        When and by what the page was written.
    """
    head = _INTRO.format(
        title=str(found.spec.title), name=found.spec.name, years=found.spec.years, n=len(found.seeds),
        first=found.seeds[0], last=found.seeds[-1], date=date, command=command,
    )  # fmt: skip
    live = [sheet for sheet in found.sheets if not sheet.dead]
    money = [k for k, account in enumerate(ACCOUNTS) if account.money]
    rest = [k for k, account in enumerate(ACCOUNTS) if not account.money]
    parts = [str(_TITLE), str(head), str(_MONEY), _table(live, money, budgets=True)]
    parts += [str(_REST), _table(live, rest, budgets=False)]
    if moves:
        parts += [str(_EXPECTED_HEAD), str(_EXPECTED.format(name=mover, n=moves[0].worlds)), _moves(moves)]
    parts += [str(_LUNCH_HEAD), str(_LUNCH), _lunches(live)]
    dead = [f"- `{s.lever.key}` : {s.lever.label}" for s in found.sheets if s.dead]
    if dead:
        parts += [str(_DEAD_HEAD), str(_DEAD), "\n".join(dead)]
    if found.left_out:
        parts += [str(_LEFT_HEAD), "\n".join(f"- `{key}` : {reason}" for key, reason in found.left_out)]
    return "\n\n".join(parts) + "\n"


def _table(found: Sequence[Sheet], columns: list[int], *, budgets: bool) -> str:
    heads = [str(_LEVER), str(_CHANGE)]
    for k in columns:
        account = ACCOUNTS[k]
        told = account.money or str(account.unit) in str(account.text)
        heads.append(str(account.text) if told else f"{account.text}, {account.unit}")
    if budgets:
        heads.append(str(_BUDGETS))
    rows = []
    for sheet in found:
        row = [
            f"{sheet.lever.label} (`{short_key(sheet.lever.key)}`)",
            f"{shown(sheet.off)} → {shown(sheet.on)}",
        ]
        row += [cell(sheet, k) for k in columns]
        rows.append([*row, f"{sheet.councils_gain} / {sheet.councils_lose}"] if budgets else row)
    return _markdown(heads, rows)


def _moves(moves: Sequence[MoveEffect]) -> str:
    rows = []
    for move in moves:
        row = [f"{move.label} (`{move.key}`)"]
        for expected, mean, error in (
            (move.jobs_expected, move.jobs, move.jobs_error),
            (move.balance_expected, move.balance, move.balance_error),
        ):
            row += [number(expected, "", 2, sign=True)]
            row += [f"{number(mean, '', 2, sign=True)} ± {number(error, '', 2)}"]
        rows.append(row)
    return _markdown([str(text) for text in _EXPECTED_COLUMNS], rows)


def _lunches(found: Sequence[Sheet]) -> str:
    texts = {account.name: str(account.text) for account in ACCOUNTS}
    lines = []
    for sheet in found:
        way = sheet.free_lunch
        if way:
            gains = sheet.gainers if way == "on" else sheet.payers  # without it, those who pay for it gain
            line = _LUNCH_LINE.format(
                key=sheet.lever.key, way=str(_WITH if way == "on" else _WITHOUT), off=shown(sheet.off),
                on=shown(sheet.on), gainers=", ".join(texts[name] for name in gains),
            )  # fmt: skip
            lines.append(str(line))
    return "\n".join(lines) or str(_NO_LUNCH)


def cell(sheet: Sheet, k: int) -> str:
    """Return one account of a sheet: its mean and interval, in bold where it is clear, a dot where nothing differs."""
    mean, low, high = (float(x[k]) for x in (sheet.effect.mean, sheet.effect.low, sheet.effect.high))
    if mean == low == high == 0.0 or (mean == 0.0 and not np.isfinite(low)):
        return "·"
    largest = max(abs(x) for x in (mean, low, high) if np.isfinite(x))
    places = 0 if largest >= 10 else 1 if largest >= 1 else 2  # noqa: PLR2004 - two or three figures
    text = number(mean, "", places, sign=True)
    if np.isfinite(low):
        text += f" [{number(low, '', places)} ; {number(high, '', places)}]"
    return f"**{text}**" if sheet.clear(NAMES[k]) else text


def short_key(key: str) -> str:
    """Return a governance key without its root."""
    return key.removeprefix("governance.")


def shown(value: Any) -> str:
    """Return a value of a key as people read it."""
    if value is None:
        return str(Text("absent", "absent"))
    if isinstance(value, bool):
        return str(Text("oui", "yes") if value else Text("non", "no"))
    if isinstance(value, float):
        text = f"{value:g}"
        return text.replace(".", ",") if lang() == "fr" else text
    if isinstance(value, dict):
        rest = ", ".join(f"{name} = {shown(item)}" for name, item in value.items() if name != "rule")
        return f"{value.get('rule', '')} ({rest})" if rest else str(value.get("rule", ""))
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value) or str(Text("aucun", "none"))
    return str(value)


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(text.replace("|", "\\|") for text in row) + " |" for row in rows]
    return "\n".join(lines)

"""Files spoiled at random: bytes, lines, cells and values changed as an editor, a spreadsheet or a stranger would."""

import random
from collections.abc import Callable
from typing import Any

# What is written where something else was meant; each was once, somewhere, a crash of some program.
WORDS = (
    "", "0", "-1", "1", "2", "0.5", "1e6", "1e308", "1e400", "-0.0", "nan", "inf", "-inf", "true", "false", "null",
    "9" * 30, "9" * 5000, "0x" + "f" * 6000, "0o777", "1_000", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z",
    "9999-12-31", "0000-00-00", '""', "''", '"x"', '"T01"', '"T02;T03"', '"all"', '"majority"', '"\\u0000"',
    '"\\ud800"',
    '"' + "a" * 10_000 + '"', '"../../etc/passwd"', '"/etc/passwd"', '"./."', '"C:\\\\x"', '"file:///etc/passwd"',
    '"__import__(\'os\')"', "[]", "[[]]", "{}", "[1]", "[1, 2, 3]", '["a", "a"]', '[""]', "[{}]", "{a = 1}",
    '{rule = "majority"}', '{rule = "x"}', '{rule = 3}', "{rule = []}", '{rule = "human", a = 1}',
    "[" * 400 + "]" * 400,
    "é", "\u200b", "\ufeff", "\x00", "\x85", ";", ",", "#", "=", '"""', "'''", "\\", "\r", "\t", "[", "]", "[[x]]",
    "=1+1", "T01", "outside", "1,5", "1 234", "N1", "12;13",
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3, 0.5, -0.5, 1e6, 1e12, 1e308, float("nan"), float("inf"), 10**18, 10**30, 10**400,
    "", "x", "T01", "T02", "all", "human", "majority", "\x00", "\ud800", "a" * 10_000, "../../etc/passwd",
    "/etc/passwd", "2030-01-01", "0001-01-01", "9999-12-31",
    [], {}, [[]], [{}], {"rule": "majority"}, {"rule": 3}, {"rule": []},
    {"rule": "human", "x": 1}, {"": 1}, {"a.b": 1}, ["T01"], ["T01", "T01"], [1, 2], [[1, 2], [3, 4]], [None],
    {"code": "T01"}, {"x": {"y": {"z": [1, {"w": 2}]}}}, b"bytes", (1, 2),
)  # fmt: skip


def spoiled_text(text: str, chance: random.Random, other: str = "") -> str:
    """Return a text with one to four changes; ``other`` lends lines."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        text = chance.choice(_TEXT)(text, chance, other)
    return text


def spoiled_bytes(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with one of them changed, some cut out, or strange ones put in."""
    at = chance.randrange(len(content) + 1)
    any_byte = bytes([chance.randrange(256)])
    strange = chance.choice((b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\xc3", b"\x1a", any_byte))
    way = chance.randrange(4)
    if way == 0:
        return content[:at] + strange + content[at + 1 :]
    if way == 1:
        return content[:at] + strange + content[at:]
    return content[:at] if way == 2 else content[:at] + content[at + chance.randrange(1, 200) :]


def spoiled_tree(tree: Any, chance: random.Random) -> Any:
    """Return a copy of a tree of tables and lists with one to three values or keys changed."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        tree = _changed(tree, chance)
    return tree


def _changed(tree: Any, chance: random.Random) -> Any:
    if isinstance(tree, dict) and tree and chance.random() < 0.85:
        return _changed_table(tree, chance)
    if isinstance(tree, list) and tree and chance.random() < 0.8:
        return _changed_list(tree, chance)
    return chance.choice(VALUES)


def _changed_table(tree: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A key less, a key of another name, a key more, or another value below a key."""
    name = chance.choice(list(tree))
    rest = {key: value for key, value in tree.items() if key != name}
    way = chance.random()
    if way < 0.08:
        return rest
    if way < 0.14:
        return {**rest, chance.choice((f"{name}s", name[:-1], "x", "", "rule", "a.b")): tree[name]}
    if way < 0.2:
        return {**tree, chance.choice(("x", "rule", "name", "code", "extends")): chance.choice(VALUES)}
    return {**tree, name: _changed(tree[name], chance)}


def _changed_list(tree: list[Any], chance: random.Random) -> list[Any]:
    """An item less, an item twice, or another item."""
    at = chance.randrange(len(tree))
    way = chance.random()
    if way < 0.1:
        return tree[:at] + tree[at + 1 :]
    return (
        tree[: at + 1] + tree[at:]
        if way < 0.25
        else [*tree[:at], _changed(tree[at], chance), *tree[at + 1 :]]
    )


def _cut_line(text: str, chance: random.Random, other: str) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines) or 1)
    return "".join(lines[:at] + lines[at + 1 :])


def _twice_line(text: str, chance: random.Random, other: str) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines) or 1)
    return "".join(lines[: at + 1] + lines[at:])


def _swap_lines(text: str, chance: random.Random, other: str) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines)


def _lent_line(text: str, chance: random.Random, other: str) -> str:
    lines, others = text.splitlines(keepends=True), other.splitlines(keepends=True) or ["\n"]
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(others))
    return "".join(lines)


def _value(text: str, chance: random.Random, other: str) -> str:
    """Another value after an equals sign."""
    lines = text.splitlines(keepends=True)
    with_value = [n for n, line in enumerate(lines) if "=" in line]
    if with_value:
        n = chance.choice(with_value)
        lines[n] = lines[n].partition("=")[0] + f"= {chance.choice(WORDS)}\n"
    return "".join(lines)


def _cell(text: str, chance: random.Random, other: str) -> str:
    """Another cell between commas."""
    lines = text.splitlines(keepends=True)
    if lines:
        n = chance.randrange(len(lines))
        cells = lines[n].rstrip("\n").split(",")
        cells[chance.randrange(len(cells))] = chance.choice(WORDS)
        lines[n] = ",".join(cells) + "\n"
    return "".join(lines)


def _word(text: str, chance: random.Random, other: str) -> str:
    """A strange word anywhere."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(WORDS) + text[at:]


def _cut(text: str, chance: random.Random, other: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randrange(1, 60) :]


def _ends(text: str, chance: random.Random, other: str) -> str:
    return text[: chance.randrange(len(text) + 1)]


_TEXT: tuple[Callable[[str, random.Random, str], str], ...] = (
    _cut_line, _twice_line, _swap_lines, _lent_line, _value, _value, _value, _cell, _cell, _cell, _word, _cut, _ends,
)  # fmt: skip

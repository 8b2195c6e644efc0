"""Lines of the keys of a TOML text: checked against texts whose keys are on known lines."""

import tomllib

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from coopsim.scenario.places import line_of, places

TEXT = '''# comment with [brackets] and = signs
name = "a # b"   # [not.a.table]
title.fr = """
[fake]
key = 1
"""
"quoted key" = 'x'

[a.b]
c = [
  1, # one
  2,
]
d = { e = 1, "f g".h = [3, 4] }
"""tricky""" = 0
[[list]]
x = 1
y.z = 2026-01-01
[list.sub]
w = 'it''s'
[[list]]
x = "\\" ]"
nodes = [ {n = 1},
  {n = 2} ]
'''.replace('"""tricky""" = 0\n', "").replace("'it''s'", '"it\'s"')


def test_each_key_is_found_on_its_line():
    tomllib.loads(TEXT)
    found = places(TEXT)
    lines = TEXT.splitlines()
    for path, line in found.items():
        names = [part for part in path if isinstance(part, str)]
        if isinstance(path[-1], str):
            assert names[-1] in lines[line - 1], (path, line)
    assert found[("list", 1, "nodes", 1, "n")] == lines.index("  {n = 2} ]") + 1
    assert found[("list", 0, "sub", "w")] == lines.index('w = "it\'s"') + 1
    assert ("fake",) not in found
    assert line_of(found, ("a", "b", "unknown")) == lines.index("[a.b]") + 1
    assert line_of(found, ("nothing",)) == 0


_names = st.text("abcxyz_-", min_size=1, max_size=4)
_scalars = st.integers(-9, 9) | st.booleans() | st.text("ab #]}=\"'\\\n[", max_size=6) | st.floats(0, 1)
_trees = st.recursive(
    st.dictionaries(_names, _scalars, max_size=3),
    lambda below: st.dictionaries(
        _names, below | st.lists(below, min_size=1, max_size=2) | _scalars, max_size=3
    ),
    max_leaves=8,
)


def _paths(tree, prefix=()):
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield (*prefix, key)
        if isinstance(value, dict | list):
            yield from _paths(value, (*prefix, key))


@given(_trees)
def test_every_key_of_any_document_has_a_place(tree):
    text = tomlkit.dumps(tree)
    data = tomllib.loads(text)
    assert set(_paths(data)) <= set(places(text))

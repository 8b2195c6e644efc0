"""A random sample of mutants of the rules and of the resources, against the tests that import the mutated module.

A mutant is the code with one thing changed: a comparison, an operator, a constant, a condition. A test that fails kills
it; one that survives is a gap of the tests, or a change that alters nothing (an equivalent mutant): read it.
Compilation is off, so that compiled kernels are mutated too. **Run it in a copy of the checkout, without .git**: it
writes over modules. Lines go to ``mutants.jsonl`` of the copy.

    python benchmarks/mutation.py COPY [MUTANTS [SEED]]      # 300 mutants, seed 1
"""

import ast
import copy
import json
import math
import os
import random
import resource
import sys
import time
from pathlib import Path

PACKAGES = ("coopsim/resources", "coopsim/governance")
TESTS = ("tests/closed_form", "tests/contracts", "tests/unit")
SKIPPED_CALLS = {
    "Text",
    "Traits",
    "scenario_error",
    "Problem",
    "ClassVar",
    "Registry",
    "TypeVar",
}  # words, not rules
LONGEST_S = (
    45.0  # of processor, of a test file without compilation: longer ones run whole worlds and are left out
)
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
NAMES = {"minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min", "any": "all", "all": "any",
         "floor": "ceil", "ceil": "floor"}  # fmt: skip


def sites(tree):
    """Yield (node, what) for everything that can be changed, in the order of the code."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SKIPPED_CALLS:
            continue
        if isinstance(node, ast.AnnAssign):
            stack += [node.value] if node.value is not None else []
            continue
        if isinstance(node, ast.ClassDef):
            stack += reversed(node.body)
            continue
        if isinstance(node, ast.FunctionDef):
            stack += [*reversed(node.body), *node.args.defaults]
            continue
        yield from ((node, what) for what in changes(node))
        stack += reversed(list(ast.iter_child_nodes(node)))


def changes(node):
    if isinstance(node, ast.Compare):
        return [f"op{n}" for n, op in enumerate(node.ops) if type(op) in SWAPS]
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        return ["op"] if type(node.op) in SWAPS else []
    if isinstance(node, ast.UnaryOp):
        return ["drop"] if isinstance(node.op, ast.Not | ast.USub | ast.Invert) else []
    if isinstance(node, ast.Constant):
        return ["value"] if isinstance(node.value, bool | int | float) else []
    if isinstance(node, ast.IfExp):
        return ["branches"]
    name = getattr(node, "attr", getattr(node, "id", ""))
    return ["name"] if name in NAMES else []


def change(node, what):
    if what.startswith("op") and isinstance(node, ast.Compare):
        n = int(what[2:])
        node.ops[n] = SWAPS[type(node.ops[n])]()
    elif what == "op":
        node.op = SWAPS[type(node.op)]()
    elif what == "value":
        node.value = (not node.value) if isinstance(node.value, bool) else node.value + 1
    elif what == "branches":
        node.body, node.orelse = node.orelse, node.body
    elif what == "name":
        field = "attr" if hasattr(node, "attr") else "id"
        setattr(node, field, NAMES[getattr(node, field)])


class Drop(ast.NodeTransformer):
    def __init__(self, at):
        self.at = at

    def generic_visit(self, node):
        if node is self.at:
            return node.operand
        return super().generic_visit(node)


def mutant(source, number):
    """Return the code with its site of this number changed, the line, and the line before and after."""
    tree = ast.parse(source)
    node, what = list(sites(tree))[number]
    before = ast.unparse(copy.deepcopy(tree)).splitlines()
    if what == "drop":
        tree = Drop(node).visit(tree)
    else:
        change(node, what)
    code = ast.unparse(ast.fix_missing_locations(tree))
    pairs = [(a, b) for a, b in zip(before, code.splitlines(), strict=False) if a != b]
    return code, node.lineno, pairs[0] if pairs else ("", "")


def dotted(path):
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imported(path, exported):
    """Return the modules of coopsim that a file imports; a name taken from a package is its module's."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{a.name}" for a in node.names]
            found |= {node.module, *names, *(exported[n] for n in names if n in exported)}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return found


def exports():
    """Return the module of each name that a package of coopsim hands on."""
    found = {}
    for path in Path("coopsim").rglob("__init__.py"):
        package = ".".join(path.parent.parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("coopsim."):
                found |= {f"{package}.{a.asname or a.name}": node.module for a in node.names}
    return found


def selected(module, tests, users):
    """Return the test files that import a module, or its package of one resource.

    Of a rule that no test names, those that import what uses it, or what it registers itself with.
    """
    package = module.rpartition(".")[0]
    names = {module} if package in ("coopsim.governance", "coopsim.resources") else {module, package}
    direct = [path for path, taken in tests.items() if names & taken]
    if direct:
        return direct
    using = {user for user, taken in users.items() if module in taken}
    using |= {taken for taken in users[module] if taken.startswith("coopsim.governance.")}
    return [path for path, taken in tests.items() if using & taken]


def run(files, limit):
    """Return the exit code of the tests and their processor seconds; a child process that has the libraries already."""
    pid = os.fork()
    if not pid:
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 1))
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        import pytest

        words = [
            "-x",
            "-q",
            "-m",
            "not slow",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "-p",
            "no:xdist",
            "-W",
            "ignore::pytest.PytestAssertRewriteWarning",
            "-W",
            "ignore:overflow encountered:RuntimeWarning",  # keyed draws wrap round by intention
        ]
        os._exit(int(pytest.main([*words, "--hypothesis-profile=mutation", *map(str, files)])))
    _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return ("too long" if code < 0 else code), used.ru_utime + used.ru_stime


def wilson(k, n):
    p, z = k / n, 1.96
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return tuple(round((middle + s * half) / (1 + z * z / n), 3) for s in (-1, 1))


def main(place, wanted, seed):
    os.chdir(place)
    if (Path(".git")).exists():
        sys.exit("give a copy of the checkout, without .git: modules are written over")
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    sys.path.insert(0, str(Path.cwd()))
    import hypothesis

    hypothesis.settings.register_profile("mutation", max_examples=10, derandomize=True, deadline=None)

    tests = [path for folder in TESTS for path in sorted(Path(folder).glob("test_*.py"))]
    modules = [path for folder in PACKAGES for path in sorted(Path(folder).rglob("*.py"))]
    sources = {path: path.read_text() for path in modules}
    names = {path: dotted(path) for path in modules}
    known = exports()
    takes = {path: imported(path, known) for path in tests}
    users = {dotted(p): imported(p, known) for p in Path("coopsim").rglob("*.py")}
    files = {path: selected(names[path], takes, users) for path in modules}
    seconds = {}

    def usable(path):
        """Return the tests of a module that pass without compilation in a fair time, the fastest first."""
        for file in files[path]:
            if file not in seconds:
                code, spent = run([file], LONGEST_S)
                seconds[file] = math.inf if code else spent
                print(f"{file}: {code} in {spent:.1f} s", flush=True)
        return sorted((f for f in files[path] if seconds[f] < LONGEST_S), key=seconds.get)

    every = [(path, n) for path in modules for n, _ in enumerate(sites(ast.parse(sources[path])))]
    print(len(every), "mutants in", len(modules), "modules", flush=True)
    begun = time.perf_counter()
    killed = done = 0
    for path, number in random.Random(seed).sample(every, wanted):
        code, line, (old, new) = mutant(sources[path], number)
        found = usable(path)
        limit = 10.0 + 3.0 * sum(seconds[f] for f in found)
        path.write_text(code)
        try:
            verdict, spent = run(found, limit) if found else (0, 0.0)
        finally:
            path.write_text(sources[path])
        done, killed = done + 1, killed + (verdict != 0)
        row = {
            "file": str(path),
            "line": line,
            "old": old.strip(),
            "new": new.strip(),
            "verdict": verdict,
            "s": round(spent, 1),
        }
        with Path("mutants.jsonl").open("a") as results:
            results.write(json.dumps(row) + "\n")
        print(done, killed, f"{time.perf_counter() - begun:.0f} s", "" if verdict else row, flush=True)
    print(f"{killed} of {done} killed, {killed / done:.3f}, 95 % interval {wilson(killed, done)}")


if __name__ == "__main__":
    main(
        sys.argv[1],
        int(sys.argv[2]) if len(sys.argv) > 2 else 300,
        int(sys.argv[3]) if len(sys.argv) > 3 else 1,
    )

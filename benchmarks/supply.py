"""What coopsim is made of: licences and list of what it installs, secrets, dangerous calls, the same wheel twice.

Writes ``licences.csv`` (every distribution that ``pip install coopsim`` brings here, its version and licence) and
``sbom.json`` (the same as CycloneDX, for tools that watch for known faults), and says the digests of two builds of the
wheel. Exits 1 when a licence forbids what Apache-2.0 allows, a secret is found, bandit reports something, or the two
wheels differ.

    python benchmarks/supply.py [FOLDER]      # build/supply by default
"""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
WHEN = "1767225600"  # 2026-01-01: the date of every file of a wheel that can be built again
# Licences under which a program may use a library without becoming that licence's own.
FREE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|Unlicense|Zlib|HPND|0BSD|CC0|Public Domain)",
    re.IGNORECASE,
)
STRONG = re.compile(r"\b(AGPL|Affero|GPL(?!.*(linking|exception)))", re.IGNORECASE)


def installed(name="coopsim", extras=(), seen=None):
    """Return the distributions that a package brings, itself left out, by their names."""
    seen = {} if seen is None else seen
    for text in distribution(name).requires or ():
        needs = Requirement(text)
        sides = [{"extra": extra} for extra in (*extras, "")]
        if needs.marker is not None and not any(needs.marker.evaluate(side) for side in sides):
            continue
        key = re.sub(r"[-_.]+", "-", needs.name).lower()
        if key in seen:
            continue
        try:
            seen[key] = distribution(needs.name)
        except PackageNotFoundError:
            continue
        installed(needs.name, tuple(needs.extras), seen)
    return dict(sorted(seen.items()))


def licence_of(found):
    """Return the licence that a distribution declares: the expression, else its classifiers, else its first line."""
    about = found.metadata
    if about["License-Expression"]:
        return about["License-Expression"]
    classes = [
        c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or () if c.startswith("License ::")
    ]
    named = [c for c in classes if c != "OSI Approved"]
    return "; ".join(named) or (about["License"] or "unknown").strip().splitlines()[0][:80]


def write_licences(found, place):
    """Write the table; returns the lines that a lawyer should see."""
    rows = [(name, one.version, licence_of(one)) for name, one in found.items()]
    with place.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("name", "version", "licence"), *rows])
    return [row for row in rows if STRONG.search(row[2]) or not FREE.search(row[2])]


def write_sbom(found, place):
    """Write the list of components as CycloneDX 1.6, with the address by which package registries know each."""
    parts = [
        {
            "type": "library", "name": name, "version": one.version, "purl": f"pkg:pypi/{name}@{one.version}",
            "licenses": [{"license": {"name": licence_of(one)}}],
        }
        for name, one in found.items()
    ]  # fmt: skip
    me = {"type": "application", "name": "coopsim", "version": distribution("coopsim").version}
    whole = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": me},
        "components": parts,
    }  # fmt: skip
    place.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def wheel_digest(folder):
    """Build the wheel; return its name and SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    call = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--disable-pip-version-check",
        "--wheel-dir",
    ]
    subprocess.run([*call, str(folder), str(ROOT)], check=True, env=os.environ | {"SOURCE_DATE_EPOCH": WHEN})
    (wheel,) = folder.glob("*.whl")
    return wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()


def secrets():
    """Return the secrets that detect-secrets finds in the files that git knows."""
    call = [
        sys.executable,
        "-m",
        "detect_secrets",
        "scan",
        "--exclude-files",
        r"assets/|requirements\.lock|\.ipynb$|/calibration/passport\.json$",
    ]
    done = subprocess.run(call, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    found = json.loads(done.stdout)["results"]
    return [f"{file}:{one['line_number']} {one['type']}" for file, ones in found.items() for one in ones]


def dangerous():
    """Return whether bandit, as pyproject.toml sets it, reports something."""
    call = [sys.executable, "-m", "bandit", "--quiet", "-c", "pyproject.toml", "-r", "coopsim"]
    return subprocess.run(
        [*call, "viz/coopsim_viz", "calibration/coopsim_calibration"], cwd=ROOT, check=False
    ).returncode


def main(place):
    place.mkdir(parents=True, exist_ok=True)
    found = installed(extras=("batch", "calibration", "viz"))
    odd = write_licences(found, place / "licences.csv")
    write_sbom(found, place / "sbom.json")
    print(f"{len(found)} distributions; licences to look at: {odd or 'none'}")
    first, second = (wheel_digest(place / name) for name in ("first", "second"))
    print("wheel", *first, "built twice the same" if first == second else f"and then {second[1]}")
    leaks = secrets()
    print("secrets:", leaks or "none")
    code = dangerous()
    print("bandit:", "reports" if code else "nothing")
    return int(bool([row for row in odd if STRONG.search(row[2])] or first != second or leaks or code))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "supply")))

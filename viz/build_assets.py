"""Build the folder of browser files that the viewer serves: what a page of Solara needs, and nothing from the network.

    npm pack @widgetti/solara-vuetify-app@10.1.1 requirejs@2.3.6
    python viz/build_assets.py FOLDER_OF_THE_TWO_TGZ

The archives are checked against the digests below; licences go with the files. Solara reads the result as its
offline copy of the addresses it would otherwise ask (`SOLARA_ASSETS_PROXY_CACHE_DIR`).
"""

import hashlib
import re
import shutil
import sys
import tarfile
from pathlib import Path

TARGET = Path(__file__).parent / "coopsim_viz" / "assets"
PACKAGES = {
    "widgetti-solara-vuetify-app-10.1.1.tgz": (
        "@widgetti/solara-vuetify-app@10.1.1",
        r"dist/(main8\.css|fonts\.css|[^/]*app8\.min\.js|[^/]*\.woff2|[^/]*LICENSE[^/]*)$|^package\.json$|^LICENSE",
        "ecbd7530ea4848368ab9ff5362214a3442d0d245bff55a5d8d97b057d661b396",  # pragma: allowlist secret
    ),
    "requirejs-2.3.6.tgz": (
        "requirejs@2.3.6",
        r"^(require\.js|package\.json|LICENSE.*)$",
        "1d1a8a5ea21b941f5c80f7caf3ac7f3e1cb8cf2903a706d5c0d15434eaedd326",  # pragma: allowlist secret
    ),
}


def main(source: Path) -> int:
    """Unpack, filter, write; returns the exit code."""
    for name, (_, _, digest) in PACKAGES.items():
        found = hashlib.sha256((source / name).read_bytes()).hexdigest()
        if found != digest:
            print(f"{name}: SHA-256 {found}, expected {digest}", file=sys.stderr)
            return 2
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, (folder, wanted, _) in PACKAGES.items():
        with tarfile.open(source / name) as archive:
            for member in archive.getmembers():
                inside = member.name.partition("/")[2]
                if not (member.isfile() and re.search(wanted, inside)) or inside.endswith(".map"):
                    continue
                place = TARGET / folder / inside
                place.parent.mkdir(parents=True, exist_ok=True)
                data = archive.extractfile(member)
                if data is not None:
                    place.write_bytes(data.read())
    files = [path for path in TARGET.rglob("*") if path.is_file()]
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

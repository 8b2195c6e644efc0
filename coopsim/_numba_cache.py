"""Where compiled kernels are kept between runs, and whether they are there.

`prepare` is called by ``coopsim/__init__.py``, before any module can import numba, which reads
``NUMBA_CACHE_DIR`` once.
"""

import hashlib
import os
import platform
import shutil
import tempfile
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_VARIABLE = "NUMBA_CACHE_DIR"


def prepare() -> None:
    """Send the cache to a folder of the user where the package itself is read-only.

    Beside the sources, as numba does by itself, whenever they can be written; a folder that the user
    names in ``NUMBA_CACHE_DIR`` goes first.
    """
    if not os.environ.get(_VARIABLE) and not _writable(_PACKAGE):
        os.environ[_VARIABLE] = str(_user_folder())
    if os.environ.get("NUMBA_DISABLE_JIT", "0") == "0":
        with suppress(OSError):
            _forget_stale()


def cold() -> bool:
    """Return whether kernels must be compiled before the first tick: none are kept of these sources."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return False
    try:
        return _marker().read_text(encoding="utf-8") != _digest()
    except OSError:
        return True


def mark() -> None:
    """Note that the kernels of these sources are compiled and kept."""
    with suppress(OSError):  # it only costs a sentence at the next start
        _marker().parent.mkdir(parents=True, exist_ok=True)
        _marker().write_text(_digest(), encoding="utf-8")


def _forget_stale() -> None:
    """Delete the index of kernels compiled from other sources.

    Numba looks at the file of a kernel only: it would keep the old code of what the kernel takes from another
    module, such as the draws of `coopsim.rng`.
    """
    note = _marker().with_suffix(".sources")
    digest = _digest()
    if note.is_file() and note.read_text(encoding="utf-8") == digest:
        return
    for folder in _cache_folders():
        for index in folder.glob("*.nbi"):
            index.unlink(missing_ok=True)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(digest, encoding="utf-8")


def _cache_folders() -> list[Path]:
    """Return where numba keeps the kernels of each folder of the package (``numba.core.caching``)."""
    sources = {path.parent for path in _PACKAGE.rglob("*.py")}
    chosen = os.environ.get(_VARIABLE)
    if not chosen:
        return [folder / "__pycache__" for folder in sources]
    return [
        Path(chosen)
        / f"{folder.name}_{hashlib.sha1(str(folder).encode(), usedforsecurity=False).hexdigest()}"
        for folder in sources
    ]


def _writable(package: Path) -> bool:
    cache = package / "__pycache__"
    return os.access(cache if cache.is_dir() else package, os.W_OK)


def _user_folder() -> Path:
    """Return a folder of the user, or one for this process and those it starts, where there is no home."""
    from platformdirs import user_cache_path

    folder = user_cache_path("coopsim") / "numba"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if os.access(folder, os.W_OK):
        return folder
    import atexit

    # Private and short-lived: compiled code found in a shared folder could be anybody's.
    folder = Path(tempfile.mkdtemp(prefix="coopsim-numba-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _marker() -> Path:
    """Return the file that says what was compiled; it goes with the cache when that is deleted."""
    folder = os.environ.get(_VARIABLE)
    here = hashlib.sha256(str(_PACKAGE).encode()).hexdigest()[:12]
    return (
        Path(folder) / f"coopsim-{here}.compiled" if folder else _PACKAGE / "__pycache__" / "kernels.compiled"
    )


def _digest() -> str:
    """Return a hash of what numba compares: its version, the machine, date and size of the compiled sources."""
    try:
        numba = version("numba")
    except PackageNotFoundError:
        numba = ""
    digest = hashlib.sha256(repr((numba, platform.python_version(), platform.uname()[:5])).encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        if b"numba" in path.read_bytes():
            status = path.stat()
            digest.update(repr((path.name, status.st_mtime_ns, status.st_size)).encode())
    return digest.hexdigest()

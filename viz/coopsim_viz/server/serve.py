"""Serve a room: settings of Solara first, then one uvicorn with the phones' plain pages before Solara's own."""

import os
import socket
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coopsim.errors import scenario_error
from coopsim_viz.stage import Stage, current, put

if TYPE_CHECKING:
    from starlette.applications import Starlette

ASSETS = Path(__file__).parent.parent / "assets"
_SETTINGS = {
    "SOLARA_APP": "coopsim_viz.pages",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_ASSETS_PROXY_CACHE_DIR": str(ASSETS),
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/none",  # a missing file fails at once, no outside host is asked
}


def application(stage: Stage) -> "Starlette":
    """Return the application of a stage; Solara reads its settings when it is first imported, so they come first."""
    os.environ.update(_SETTINGS)
    put(stage)
    import solara.server.starlette as solara_starlette
    from starlette.applications import Starlette
    from starlette.responses import RedirectResponse
    from starlette.routing import Mount, Route

    from coopsim_viz.server.phones import ROUTES

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        solara_starlette.on_startup()  # a mounted application gets no such call of its own
        try:
            yield
        finally:
            solara_starlette.on_shutdown()

    home = Route("/", lambda _: RedirectResponse("/atelier"))
    return Starlette(routes=[home, *ROUTES, Mount("/", app=solara_starlette.app)], lifespan=lifespan)


def serve(stage: Stage, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until interrupted; the room is closed then and its log complete.

    ``ready`` is called once the pages answer: an address told before keeps people waiting on a slow machine.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # plain HTTP, as in any town hall
    config = uvicorn.Config(
        application(stage), log_level="warning", access_log=False, workers=1,
        ws_max_size=2**20, timeout_graceful_shutdown=3,
    )  # fmt: skip
    try:
        Server(config).run([listening])
    finally:
        (current() or stage).close()  # the Explorer may have opened another run in its place


@contextmanager
def held_port(host: str, first: int) -> Iterator[socket.socket]:
    """Yield a socket that listens on the first free port from ``first`` on, of twenty.

    It is held from now on: another session that starts at the same moment takes the next one.

    Raises
    ------
    ScenarioError
        When all twenty are taken.
    """
    for port in range(first, first + 20):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as held:
            if os.name == "posix":  # elsewhere it would share a port that is taken
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                held.bind((host, port))
                held.listen()
            except OSError:
                continue
            yield held
            return
    raise scenario_error(
        "aucun port libre", "no free port", key="--port", value=first, allowed=f"{first} – {first + 19}"
    )


def lan_address() -> str:
    """Return this machine's address on its local network; loopback when it is on none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: only the route is looked up
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"

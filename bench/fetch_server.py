"""A process that is many outlets: each has a loopback address of its own and answers after a fixed latency.

    python -m bench.fetch_server FOLDER --outlets 300 --latency 0.02

It listens on 127.1.*.* only, prints the port that all outlets share, and ends when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import web

from bench.fetch_pages import read_pages_index

_TO_A_BLOCK = 250


def address_of(outlet: int) -> str:
    """Return the loopback address of an outlet; every one is a host of its own to whoever asks."""
    return f"127.1.{outlet // _TO_A_BLOCK}.{outlet % _TO_A_BLOCK + 1}"


def main(
    folder: Path,
    outlets: Annotated[int, typer.Option(help="how many hosts to be")] = 300,
    latency: Annotated[float, typer.Option(help="seconds before each answer")] = 0.02,
) -> None:
    """Serve the composed pages of a folder."""
    asyncio.run(_serve(folder, outlets, latency))


async def _serve(folder: Path, outlets: int, latency_seconds: float) -> None:
    """Answer until standard input ends."""
    application = web.Application()
    application.router.add_get("/{path:.*}", _handler(_bodies(folder), latency_seconds))
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    listening = _sockets(outlets)
    for one in listening:
        await web.SockSite(runner, one, backlog=64).start()
    print(listening[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)
    await runner.cleanup()


def _bodies(folder: Path) -> dict[tuple[str, str], bytes]:
    """Return the packed pages by host and path."""
    pages = read_pages_index(folder)
    return {(address_of(page.outlet), page.path): (folder / page.file).read_bytes() for page in pages}


def _handler(
    bodies: dict[tuple[str, str], bytes], latency_seconds: float
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return what answers for all outlets: the page, packed for whoever takes it so, or 404."""

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(latency_seconds)
        packed = bodies.get((request.url.host or "", request.path))
        if packed is None:
            return web.Response(status=404, text="There is no such page.")
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=packed, content_type="text/html", charset="utf-8", headers=_PACKED)
        return web.Response(body=gzip.decompress(packed), content_type="text/html", charset="utf-8")

    return answer


_PACKED = {"Content-Encoding": "gzip"}


def _sockets(outlets: int) -> list[socket.socket]:
    """Return a bound socket for each outlet, all on one port that was free at the first."""
    bound: list[socket.socket] = []
    port = 0
    for outlet in range(outlets):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address_of(outlet), port))
        port = one.getsockname()[1]
        bound.append(one)
    return bound


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        typer.run(main)

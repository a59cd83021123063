"""A transport that tells the live table which outlet is being asked, and is otherwise the one inside it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from flows.outlet_board import OutletBoard
from sources.client import Transport
from transforms.records import Request, Response


class Announced:
    """Wraps a run's transport; entered and left with it."""

    def __init__(self, inner: Transport, board: OutletBoard) -> None:
        self._inner, self._board = inner, board

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._inner.__aexit__(kind, error, trace)

    async def ask(self, request: Request) -> Response:
        """Return what the address answers."""
        with self._board.asking(request.outlet_id):
            return await self._inner.ask(request)

"""The network side of a feed, on asyncio: connects, sends what waits, hears the answers, comes again after a break."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from typing import Any, Callable, ContextManager, Optional, Tuple

from ._window import ConnectionEnded, Reject, Window

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_SILENCE = 20.0  # seconds without a heartbeat (they come every 5) before the connection is given up


def address_of(host: Optional[str], port: Optional[int]) -> Tuple[str, int]:
    """The address of the node's port for ticks; what is not given comes from ACTORTRADING_INGEST, else 127.0.0.1:9999."""
    found, _, number = os.environ.get("ACTORTRADING_INGEST", "127.0.0.1:9999").rpartition(":")
    return host or found.strip("[]"), port if port is not None else int(number)


class Sender:
    """Runs in one event loop. ``lock`` guards the window where other threads use it; ``notify`` is called after each change of it."""

    def __init__(
        self,
        window: Window,
        address: Tuple[str, int],
        tls: Optional[ssl.SSLContext],
        on_reject: Optional[Callable[[Reject], None]],
        notify: Callable[[], None],
        lock: Optional[ContextManager[Any]] = None,
    ) -> None:
        self._window = window
        self._address = address
        self._tls = tls
        self._on_reject = on_reject
        self._notify = notify
        self._lock = lock if lock is not None else contextlib.nullcontext()
        self._more = asyncio.Event()
        self.is_idle = True  # whether it is to be woken when there is more to send
        self.error: Optional[BaseException] = None  # why it has ended

    def wake(self) -> None:
        """There is more to send. For the loop's own thread."""
        self._more.set()

    async def run(self) -> None:
        """Sends until it is cancelled, or the node refuses the feed for good."""
        pause = _FIRST_PAUSE
        while self.error is None:
            before = self._window.acknowledged
            try:
                await self._connect()
            except (OSError, asyncio.TimeoutError):
                pass
            except asyncio.CancelledError:
                raise
            except Exception as error:  # FeedRefused, or what on_reject raised
                self.error = error
            self._notify()
            pause = _FIRST_PAUSE if self._window.acknowledged > before else min(pause * 2, _LONGEST_PAUSE)
            if self.error is None:
                await asyncio.sleep(pause)

    async def _connect(self) -> None:
        opening = asyncio.open_connection(*self._address, ssl=self._tls, limit=1 << 20)
        reader, writer = await asyncio.wait_for(opening, _SILENCE)
        tasks: list[asyncio.Task[None]] = []
        try:
            with self._lock:
                writer.write(self._window.connect())
            tasks = [asyncio.ensure_future(self._read(reader)), asyncio.ensure_future(self._write(writer))]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if not tasks[0].done():
                await asyncio.wait(tasks[:1], timeout=1)  # sending failed: the last line of the node may say why
            for task in tasks:
                failure = task.exception() if task.done() and not task.cancelled() else None
                if failure is not None and not isinstance(failure, (OSError, asyncio.TimeoutError)):
                    raise failure
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            writer.close()

    async def _write(self, writer: asyncio.StreamWriter) -> None:
        while True:
            with self._lock:
                lines = self._window.take()
                self.is_idle = not lines
                if not lines:
                    self._more.clear()
            if lines:
                writer.write(lines)
                await writer.drain()
            else:
                await self._more.wait()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            line = await asyncio.wait_for(reader.readline(), _SILENCE)
            if not line:
                raise ConnectionEnded("the node closed the connection")
            with self._lock:
                reject = self._window.hear(line)
            self._notify()
            if reject is not None and self._on_reject is not None:
                self._on_reject(reject)



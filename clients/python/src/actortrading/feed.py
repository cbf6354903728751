"""Feeds: records over TCP, acknowledged, sent again after a break."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from types import TracebackType
from typing import Callable, Optional, Type

from ._sender import Sender, address_of
from ._window import Record, Reject, Window
from .errors import FeedClosed


class _Source:
    """What both feeds are: a source with its records that are not acknowledged."""

    def __init__(self, source: str, epoch: Optional[int], token: Optional[str], time_unit: Optional[str], window: int) -> None:
        self._window = Window(source, epoch, token or os.environ.get("ACTORTRADING_TOKEN"), time_unit, window)
        self._is_closed = False

    @property
    def epoch(self) -> int:
        """The epoch of its records."""
        return self._window.epoch

    @property
    def acknowledged(self) -> int:
        """Records that are durable or were refused."""
        return self._window.acknowledged

    @property
    def rejected(self) -> int:
        """Refusals heard; one that is sent again after a break is heard again."""
        return self._window.rejected

    @property
    def pending(self) -> int:
        """Records that are not acknowledged."""
        return self._window.pending

    def _closed(self) -> FeedClosed:
        return FeedClosed(f"the feed is closed; {self._window.pending} records were not acknowledged")


class Feed(_Source):
    """Sends records of one source, from any number of threads; a thread of its own does the network.

    A record is kept until the node has acknowledged it, and sent again when the connection breaks: it is applied exactly once, whatever
    fails, as long as this object lives. The node drops what it has by (source, epoch, seq).

    source: 1 to 64 printable ASCII characters. One connection at a time sends for a source and an epoch.
    epoch: by default the milliseconds since 1970, so that a program that counts its seqs from 0 is a new run. For the same promise over
        restarts of your program, give an epoch that stays, and records with a rising ``seq`` of their own.
    window: records that may wait for their acknowledgement; ``send`` waits while it is full.
    tls: a context of the module ``ssl``; None for no encryption. token: by default the environment variable ACTORTRADING_TOKEN.
    on_reject: called with each Reject, in the thread of the network. It must not block. What it raises ends the feed.
    """

    def __init__(
        self,
        source: str,
        host: Optional[str] = None,
        port: Optional[int] = None,
        *,
        epoch: Optional[int] = None,
        token: Optional[str] = None,
        tls: Optional[ssl.SSLContext] = None,
        time_unit: Optional[str] = None,
        window: int = 10_000,
        on_reject: Optional[Callable[[Reject], None]] = None,
    ) -> None:
        super().__init__(source, epoch, token, time_unit, window)
        self._changed = threading.Condition()
        address, started = address_of(host, port), threading.Event()

        async def work() -> None:
            self._loop = asyncio.get_running_loop()
            self._sender = Sender(self._window, address, tls, on_reject, self._notify, self._changed)
            self._task = asyncio.ensure_future(self._sender.run())
            started.set()
            await asyncio.gather(self._task, return_exceptions=True)

        self._thread = threading.Thread(target=lambda: asyncio.run(work()), name=f"feed {source}", daemon=True)
        self._thread.start()
        started.wait()

    def send(self, record: Record, timeout: Optional[float] = None) -> None:
        """Takes a record; waits while the window is full. It is not yet acknowledged when this returns: see flush.

        record: a mapping as in docs/formats.md (numbers, text, Decimal, aware datetime), or one line as text or bytes. A mapping without
            ``seq`` gets the next one.
        Raises TimeoutError, FeedRefused or FeedClosed; ValueError or TypeError for what cannot be written.
        """
        with self._changed:
            self._wait(lambda: not self._window.is_full, timeout)
            self._window.add(record)
            is_idle, self._sender.is_idle = self._sender.is_idle, False
        if is_idle:
            self._loop.call_soon_threadsafe(self._sender.wake)

    def flush(self, timeout: Optional[float] = None) -> None:
        """Waits until every record that was taken is acknowledged. Raises TimeoutError, FeedRefused or FeedClosed."""
        with self._changed:
            self._wait(lambda: self._window.pending == 0, timeout)

    def close(self, timeout: Optional[float] = None) -> None:
        """Waits as flush does, then ends the connection."""
        try:
            if not self._is_closed:
                self.flush(timeout)
        finally:
            self.abort()

    def abort(self) -> None:
        """Ends the connection at once. What is not acknowledged may be durable or not."""
        with self._changed:
            if self._is_closed:
                return
            self._is_closed = True
            self._changed.notify_all()
        try:
            self._loop.call_soon_threadsafe(self._task.cancel)
        except RuntimeError:
            pass  # the sender has ended by itself, and its loop with it
        self._thread.join()

    def __enter__(self) -> Feed:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _wait(self, until: Callable[[], bool], timeout: Optional[float]) -> None:
        done = self._changed.wait_for(lambda: until() or self._is_closed or self._sender.error is not None, timeout)
        if self._sender.error is not None:
            raise self._sender.error
        if self._is_closed:
            raise self._closed()
        if not done:
            raise TimeoutError(f"{self._window.pending} records are not acknowledged")


class AsyncFeed(_Source):
    """Feed for asyncio, with the same settings and promises: ``async with AsyncFeed("desk") as feed: await feed.send({...})``."""

    def __init__(
        self,
        source: str,
        host: Optional[str] = None,
        port: Optional[int] = None,
        *,
        epoch: Optional[int] = None,
        token: Optional[str] = None,
        tls: Optional[ssl.SSLContext] = None,
        time_unit: Optional[str] = None,
        window: int = 10_000,
        on_reject: Optional[Callable[[Reject], None]] = None,
    ) -> None:
        super().__init__(source, epoch, token, time_unit, window)
        self._settings = (address_of(host, port), tls, on_reject)
        self._changed: Optional[asyncio.Event] = None
        self._sender: Optional[Sender] = None
        self._task: Optional[asyncio.Task[None]] = None

    async def send(self, record: Record) -> None:
        """Takes a record; waits while the window is full. See Feed.send."""
        sender = self._start()
        await self._wait(lambda: not self._window.is_full)
        self._window.add(record)
        sender.wake()

    async def flush(self) -> None:
        """Waits until every record that was taken is acknowledged. Raises FeedRefused or FeedClosed."""
        self._start()
        await self._wait(lambda: self._window.pending == 0)

    async def close(self) -> None:
        """Waits as flush does, then ends the connection."""
        try:
            if not self._is_closed:
                await self.flush()
        finally:
            await self.abort()

    async def abort(self) -> None:
        """Ends the connection at once. What is not acknowledged may be durable or not."""
        self._is_closed = True
        if self._changed is not None:
            self._changed.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def __aenter__(self) -> AsyncFeed:
        self._start()
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        if kind is None:
            await self.close()
        else:
            await self.abort()

    def _start(self) -> Sender:
        if self._sender is None or self._changed is None:
            self._changed = asyncio.Event()
            (address, tls, on_reject) = self._settings
            self._sender = Sender(self._window, address, tls, on_reject, self._changed.set)
            self._task = asyncio.ensure_future(self._sender.run())
        return self._sender

    async def _wait(self, until: Callable[[], bool]) -> None:
        assert self._sender is not None and self._changed is not None
        while True:
            if self._sender.error is not None:
                raise self._sender.error
            if self._is_closed:
                raise self._closed()
            if until():
                return
            self._changed.clear()
            await self._changed.wait()

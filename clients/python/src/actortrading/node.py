"""The HTTP API of a node: signals and bars that go on after a break, history, state."""

from __future__ import annotations

import datetime
import http.client
import json
import os
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple, Union

from ._window import Record, encode
from .errors import ActorTradingError, NodeUnreachable, NotFound, RequestFailed, Unavailable, error_of
from .records import Bar, IngestResult, Signal, spell_time, time_of

if TYPE_CHECKING:
    import pandas

Time = Union[datetime.datetime, datetime.date, str, int]
_SILENCE = 20.0  # seconds without a heartbeat (they come every 5) before a stream is given up
_LONGEST_PAUSE = 5.0


class Node:
    """A node, by its address. Holds no connection between calls; may be used by several threads.

    url: by default the environment variable ACTORTRADING_NODE, else http://127.0.0.1:5000.
    token: by default the environment variable ACTORTRADING_TOKEN. tls: a context of the module ``ssl`` for https.
    timeout: seconds for the answer of a request; streams have a limit of their own.
    Every call raises RequestFailed (NotAuthorized, NotFound, Unavailable) or NodeUnreachable; streams come again after the last two of these.
    """

    def __init__(
        self, url: Optional[str] = None, *, token: Optional[str] = None, tls: Optional[ssl.SSLContext] = None, timeout: float = 60.0
    ) -> None:
        self.url = (url or os.environ.get("ACTORTRADING_NODE") or "http://127.0.0.1:5000").rstrip("/")
        self._token = token or os.environ.get("ACTORTRADING_TOKEN")
        self._tls = tls
        self._timeout = timeout

    # One question, one answer

    def get(self, path: str, **query: Any) -> Dict[str, Any]:
        """The answer to GET, as JSON with numbers as Decimal or int. Query values of None are left out."""
        with self._open(path, query) as answer:
            return _read(answer)

    def symbols(self) -> List[str]:
        """The symbols that the node knows and this caller may see."""
        return [str(symbol["symbol"]) for symbol in self.get("/symbols")["symbols"]]

    def state(self, symbol: str, at: Optional[Time] = None) -> Dict[str, Any]:
        """The state of a symbol now, or at a moment of the past: open bars, indicator values, quote, book."""
        return self.get(f"/symbols/{_quote(symbol)}", at=None if at is None else spell_time(at))

    def state_hash(self) -> str:
        """The hash over the state of every symbol."""
        return str(self.get("/state-hash")["state_hash"])

    def ingest(self, records: Iterable[Record], source: Optional[str] = None, epoch: Optional[int] = None) -> IngestResult:
        """Sends records in one request; returns when what was taken is durable. For a lasting flow use Feed.

        A request that fails leaves open what was taken: send it again with the same source, epoch and seqs.
        """
        body = b"".join(encode(record, None) for record in records)
        query = {"source": source, "epoch": epoch}
        try:
            with self._open("/ingest", query, body) as answer:
                result = _read(answer)
        except RequestFailed as error:
            if error.status != 422:  # every single record was refused
                raise
            result = error.body
        return IngestResult(
            int(result["received"]), int(result["applied"]), int(result["late"]), int(result["duplicate"]), int(result["rejected"]),
            tuple(result.get("rejections", ())))

    # History

    def bars_between(self, symbol: str, frame: str = "1min", start: Optional[Time] = None, end: Optional[Time] = None) -> Iterator[Bar]:
        """Closed bars in the order of time: from ``start`` (the first bar there is) to before ``end`` (the last one that is closed)."""
        position = "1970-01-01T00:00:00Z" if start is None else spell_time(start)
        while True:
            page = self.get(
                f"/symbols/{_quote(symbol)}/bars", frame=frame, limit=10_000, to=None if end is None else spell_time(end), **{"from": position})
            for bar in page["bars"]:
                yield Bar.of(bar, symbol, frame)
            following = page.get("next")
            if not page["bars"] or following is None or following == position:
                return
            position = following

    def history(
        self, symbol: str, frame: str = "1min", start: Optional[Time] = None, end: Optional[Time] = None
    ) -> "pandas.DataFrame":
        """The same as a DataFrame: index ``open_time`` (UTC), columns open, high, low, close, volume, ticks, then one per indicator.

        Needs pandas: ``pip install actortrading[pandas]``. Prices are floats here; for exact decimals use bars_between.
        """
        try:
            import pandas
        except ImportError as error:
            raise ActorTradingError("history needs pandas: pip install actortrading[pandas]") from error
        rows = []
        for bar in self.bars_between(symbol, frame, start, end):
            row: Dict[str, Any] = {name: float(getattr(bar, name)) for name in ("open", "high", "low", "close", "volume")}
            row["ticks"] = bar.ticks
            row.update(bar.values)
            rows.append((bar.open_time, row))
        index = pandas.DatetimeIndex([opened for opened, _ in rows], tz="UTC", name="open_time")
        frame_of_rows = pandas.DataFrame([row for _, row in rows], index=index)
        return frame_of_rows if rows else pandas.DataFrame(columns=["open", "high", "low", "close", "volume", "ticks"], index=index)

    # Streams

    def signals(self, after: Optional[int] = 0, symbols: Iterable[str] = ()) -> Iterator[Signal]:
        """Signals after a position, then live, without an end. None is left out and none comes twice, whatever breaks in between.

        after: the position of the last signal that the caller has handled; 0 for all; None for from now on.
        Keep ``signal.position`` together with what you did about the signal.
        """
        chosen = list(symbols)
        position = after
        for name, data in self._stream(lambda: {"topics": "signals", "from": position, "symbols": ",".join(chosen) or None}):
            if name == "signal":
                signal = Signal.of(data)
                position = signal.position
                yield signal
            elif name == "subscribed" and position is None:
                position = int(data["last"])

    def bars(self, symbols: Iterable[str], frame: str = "1min", after: Optional[Time] = None) -> Iterator[Bar]:
        """Bars of these symbols as they close, without an end; those of one symbol in the order of time, none left out and none twice.

        after: the ``open_time`` of the last bar that the caller has; None for from now on.
        """
        last: Dict[str, Optional[datetime.datetime]] = {}
        for symbol in symbols:
            last[symbol] = self._newest(symbol, frame) if after is None else time_of(spell_time(after))
        if not last:
            raise ValueError("no symbol is given")
        query = {"topics": "bars", "symbols": ",".join(last), "frames": frame}
        for name, data in self._stream(lambda: query):
            if name == "subscribed" or name == "missed":
                for symbol in last:
                    for bar in self._since(symbol, frame, last[symbol]):
                        last[symbol] = bar.open_time
                        yield bar
            elif name == "bar":
                bar = Bar.of(data)
                before = last.get(bar.symbol)
                if before is None or bar.open_time > before:
                    last[bar.symbol] = bar.open_time
                    yield bar

    def _newest(self, symbol: str, frame: str) -> Optional[datetime.datetime]:
        try:
            found = self.get(f"/symbols/{_quote(symbol)}/bars", frame=frame, limit=1)["bars"]
        except NotFound:
            return None
        return time_of(found[-1]["open_time"]) if found else None

    def _since(self, symbol: str, frame: str, last: Optional[datetime.datetime]) -> Iterator[Bar]:
        try:
            for bar in self.bars_between(symbol, frame, last):
                if last is None or bar.open_time > last:
                    yield bar
        except NotFound:
            return

    def _stream(self, query: Any) -> Iterator[Tuple[str, Dict[str, Any]]]:
        """Messages of /events; comes again when the stream breaks."""
        pause = 0.1
        while True:
            try:
                with self._open("/events", query(), timeout=_SILENCE) as stream:
                    name = ""
                    for line in stream:
                        text = line.decode("utf-8").rstrip("\r\n")
                        if text.startswith("event: "):
                            name = text[len("event: "):]
                        elif text.startswith("data: ") and name != "heartbeat":
                            yield name, _parse(text[len("data: "):])
                            pause = 0.1
            except Unavailable as error:
                pause = max(pause, min(error.retry_after, _LONGEST_PAUSE))
            except (NodeUnreachable, OSError, http.client.HTTPException):
                pass
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _open(
        self, path: str, query: Mapping[str, Any], body: Optional[bytes] = None, timeout: Optional[float] = None
    ) -> http.client.HTTPResponse:
        given = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        request = urllib.request.Request(self.url + path + ("?" + given if given else ""), data=body)
        if self._token:
            request.add_header("Authorization", "Bearer " + self._token)
        try:
            answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=timeout or self._timeout, context=self._tls)
            return answer
        except urllib.error.HTTPError as error:
            with error:
                try:
                    problem = _parse(error.read().decode("utf-8", "replace"))
                except ValueError:
                    problem = {"detail": error.reason}
            raise error_of(error.code, problem, error.headers.get("Retry-After")) from None
        except (OSError, http.client.HTTPException) as error:
            raise NodeUnreachable(f"{self.url}: {error}") from error


def _read(answer: http.client.HTTPResponse) -> Dict[str, Any]:
    try:
        return _parse(answer.read().decode("utf-8"))
    except (OSError, http.client.HTTPException) as error:
        raise NodeUnreachable(str(error)) from error


def _parse(text: str) -> Dict[str, Any]:
    found = json.loads(text, parse_float=Decimal)
    if not isinstance(found, dict):
        raise ValueError("an answer is an object")
    return found


def _quote(symbol: str) -> str:
    return urllib.parse.quote(symbol, safe="")


def bar_records(frame: "pandas.DataFrame", symbol: str, timeframe: str) -> Iterator[Dict[str, Any]]:
    """Rows of a DataFrame as records for Feed or Node.ingest: open, high, low, close, volume, the index is the time of the open.

    An index without a time zone is UTC. Column names count without regard to case.
    """
    columns = {str(name).lower(): name for name in frame.columns}
    for opened, row in frame.iterrows():
        moment = opened.to_pydatetime()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.timezone.utc)
        record: Dict[str, Any] = {"symbol": symbol, "ts": spell_time(moment), "frame": timeframe}
        for name in ("open", "high", "low", "close", "volume"):
            if name in columns:
                value = row[columns[name]]
                if value == value:  # not NaN
                    record[name] = float(value)
        yield record

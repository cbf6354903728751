"""The TCP protocol of docs/ingest.md without sockets: what is not acknowledged, and what is to be sent next."""

from __future__ import annotations

import collections
import datetime
import decimal
import json
import time
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Union

from .errors import FeedRefused

Record = Union[Mapping[str, Any], str, bytes]

# The client itself must change; coming again does not help.
_FINAL = {"bad_hello", "hello_required", "not_allowed", "superseded", "bad_token", "token_required", "wrong_protocol"}


@dataclass(frozen=True)
class Reject:
    """A record that the node refused. seq is None where it could not be read."""

    reason: str
    field: str
    value: str
    seq: Optional[int] = None
    advice: Optional[str] = None


class ConnectionEnded(ConnectionError):
    """The node ended the connection; the feed connects again."""


def encode(record: Record, seq: Optional[int]) -> bytes:
    """A record as a line. A mapping without ``seq`` gets that one; text and bytes are sent as they are."""
    if isinstance(record, bytes):
        line = record
    elif isinstance(record, str):
        line = record.encode("utf-8")
    else:
        fields = dict(record)
        if seq is not None:
            fields.setdefault("seq", seq)
        line = json.dumps(fields, default=_spell, allow_nan=False, separators=(",", ":")).encode("utf-8")
    line = line.strip()
    if not line or b"\n" in line:
        raise ValueError("a record must be one non-empty line of text")
    return line + b"\n"


def _spell(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be sent: {value!r}")


class Window:
    """Records that were given and are not acknowledged, oldest first, and the state of the present connection. Not safe for threads."""

    def __init__(self, source: str, epoch: Optional[int], token: Optional[str], time_unit: Optional[str], capacity: int) -> None:
        if capacity < 1:
            raise ValueError("the window must hold at least one record")
        self.epoch = time.time_ns() // 1_000_000 if epoch is None else epoch
        hello: dict[str, Any] = {"hello": source, "epoch": self.epoch}
        if token:
            hello["token"] = token
        if time_unit:
            hello["time_unit"] = time_unit
        self.hello = json.dumps(hello).encode("utf-8") + b"\n"
        self.capacity = capacity
        self.next_seq = 0
        self.acknowledged = 0  # records, in all
        self.rejected = 0
        self._waiting: collections.deque[bytes] = collections.deque()
        self._sent = 0  # of those that wait
        self._handled = 0  # acknowledged on this connection

    @property
    def pending(self) -> int:
        """Records that are not acknowledged."""
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= self.capacity

    def add(self, record: Record) -> None:
        line = encode(record, self.next_seq)
        self.next_seq += 1
        self._waiting.append(line)

    def connect(self) -> bytes:
        """Begins a connection: all that waits is sent again. Returns what is sent first."""
        self._sent = 0
        self._handled = 0
        return self.hello

    def take(self, most: int = 500) -> bytes:
        """The next lines to send; empty where all were sent."""
        last = min(len(self._waiting), self._sent + most)
        lines = [self._waiting[i] for i in range(self._sent, last)]
        self._sent = last
        return b"".join(lines)

    def hear(self, line: bytes) -> Optional[Reject]:
        """Takes an answer of the node. Returns the rejection that it is, if it is one."""
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise ConnectionEnded(f"the node sent an invalid answer: {line[:80]!r}") from error
        if "handled" in answer:
            count = int(answer["handled"]) - self._handled
            if count > self._sent:
                raise ConnectionEnded("the node acknowledged more than was sent")
            for _ in range(count):
                self._waiting.popleft()
            self._handled += count
            self._sent -= count
            self.acknowledged += count
        elif "reject" in answer:
            self.rejected += 1
            reject = answer["reject"]
            return Reject(reject["reason"], reject["field"], reject["value"], reject.get("seq"), reject.get("advice"))
        elif "error" in answer:
            code, message = answer["error"]["code"], answer["error"]["message"]
            if code in _FINAL:
                raise FeedRefused(code, message)
            raise ConnectionEnded(f"{code}: {message}")
        return None

"""What a node answers, typed. Prices and sizes are exact decimals, times are aware datetimes in UTC (to the microsecond)."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Mapping, Optional

_FRACTION = re.compile(r"\.(\d+)")


def time_of(text: str) -> datetime.datetime:
    """A time of the node, such as 2024-07-09T13:30:00.123456789Z; digits beyond the microsecond are cut off."""
    text = _FRACTION.sub(lambda digits: "." + digits.group(1)[:6].ljust(6, "0"), text, count=1)
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def spell_time(time: Any) -> str:
    """A time for a query: an aware datetime, a date, or text that the node reads."""
    if isinstance(time, datetime.datetime):
        if time.tzinfo is None:
            raise ValueError(f"{time!r} has no time zone")
        return time.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(time, datetime.date):
        return time.isoformat() + "T00:00:00Z"
    return str(time)


@dataclass(frozen=True)
class Signal:
    """A signal of the log. ``position`` is its place there, and what to come back with.

    action: ``buy``, ``sell`` or ``withdrawn``; the last takes back the signal at the position ``withdraws``.
    values: the indicator values that the rule saw, by name.
    """

    position: int
    id: str
    symbol: str
    action: str
    name: str
    price: Optional[Decimal]
    time: datetime.datetime
    values: Mapping[str, Optional[float]] = field(default_factory=dict)
    withdraws: Optional[int] = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of(json: Mapping[str, Any]) -> Signal:
        price = json.get("price")
        return Signal(
            position=int(json["position"]), id=json.get("id", ""), symbol=json["symbol"], action=json["action"], name=json.get("name", ""),
            price=None if price is None else Decimal(price), time=time_of(json["time"]), values=_floats(json.get("values")),
            withdraws=json.get("withdraws"), raw=json)


@dataclass(frozen=True)
class Bar:
    """A closed bar. values: the indicators of the plan at its close, by name; None until warmed up."""

    symbol: str
    frame: str
    open_time: datetime.datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    ticks: int
    values: Mapping[str, Optional[float]] = field(default_factory=dict)

    @staticmethod
    def of(json: Mapping[str, Any], symbol: Optional[str] = None, frame: Optional[str] = None) -> Bar:
        return Bar(
            symbol=symbol or json["symbol"], frame=frame or json["frame"], open_time=time_of(json["open_time"]), open=Decimal(json["open"]),
            high=Decimal(json["high"]), low=Decimal(json["low"]), close=Decimal(json["close"]), volume=Decimal(json["volume"]),
            ticks=int(json["ticks"]), values=_floats(json.get("values")))


@dataclass(frozen=True)
class IngestResult:
    """What became of the records of a request. rejections: at most 100, as the node answers them."""

    received: int
    applied: int
    late: int
    duplicate: int
    rejected: int
    rejections: tuple[Mapping[str, Any], ...] = ()


def _floats(values: Optional[Mapping[str, Any]]) -> dict[str, Optional[float]]:
    return {name: None if value is None else float(value) for name, value in (values or {}).items()}

"""Client of ActorTrading: send ticks with acknowledgements, read signals, bars and history.

Needs nothing but Python 3.9; ``Node.history`` needs pandas.
"""

from ._window import Record, Reject
from .errors import (
    ActorTradingError,
    FeedClosed,
    FeedRefused,
    NodeUnreachable,
    NotAuthorized,
    NotFound,
    RequestFailed,
    Unavailable,
)
from .feed import AsyncFeed, Feed
from .node import Node, bar_records
from .records import Bar, IngestResult, Signal

__all__ = [
    "ActorTradingError", "AsyncFeed", "Bar", "Feed", "FeedClosed", "FeedRefused", "IngestResult", "Node", "NodeUnreachable", "NotAuthorized",
    "NotFound", "Record", "Reject", "RequestFailed", "Signal", "Unavailable", "bar_records",
]
__version__ = "0.1.0"

"""Errors that the client raises. All derive from ActorTradingError."""

from __future__ import annotations

from typing import Any, Optional


class ActorTradingError(Exception):
    """Base of all errors of this package."""


class FeedRefused(ActorTradingError):
    """The node refuses this feed, and would refuse it again: bad hello, missing right, or another connection of the same source.

    code: ``bad_hello``, ``hello_required``, ``not_allowed``, ``superseded``, ``bad_token`` or another code of docs/ingest.md.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class FeedClosed(ActorTradingError):
    """The feed was closed while records were not acknowledged, or was used after its close."""


class RequestFailed(ActorTradingError):
    """The node answered a request with an error.

    status: the HTTP status. code: the ``code`` of the answer (docs/http.md), such as ``bad_parameter``. detail: text for people.
    """

    def __init__(self, status: int, code: str, detail: str, body: Optional[dict[str, Any]] = None) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.body = body or {}


class NotAuthorized(RequestFailed):
    """Status 401 or 403: no token, a wrong one, or one without the right."""


class NotFound(RequestFailed):
    """Status 404 or 410: the symbol or signal is unknown, or the events of that time were deleted."""


class Unavailable(RequestFailed):
    """Status 429 or 503: ask again after ``retry_after`` seconds."""

    retry_after: float = 1.0


class NodeUnreachable(ActorTradingError):
    """No connection to the node, or it broke before the answer was complete."""


def error_of(status: int, body: dict[str, Any], retry_after: Optional[str]) -> RequestFailed:
    """The error for an answer of the node."""
    kind = {401: NotAuthorized, 403: NotAuthorized, 404: NotFound, 410: NotFound, 429: Unavailable, 503: Unavailable}.get(status, RequestFailed)
    error = kind(status, str(body.get("code", "unknown")), str(body.get("detail", body.get("title", ""))), body)
    if isinstance(error, Unavailable) and retry_after is not None and retry_after.isdigit():
        error.retry_after = float(retry_after)
    return error

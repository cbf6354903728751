using System.Net;

namespace ActorTrading.Client;

/// <summary>Base class of the exceptions of this package. Cancellation and invalid arguments use the standard exceptions.</summary>
public abstract class ActorTradingException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The node permanently refuses this feed: invalid hello, missing right, or another connection of the same source.</summary>
public sealed class FeedRefusedException(string code, string detail) : ActorTradingException($"{code}: {detail}")
{
    /// <summary>
    /// The node's code: <c>bad_hello</c>, <c>hello_required</c>, <c>not_allowed</c>, <c>superseded</c>, <c>wrong_protocol</c>,
    /// <c>tls_failed</c>.
    /// </summary>
    public string Code { get; } = code;

    /// <summary>The text of the node's error.</summary>
    public string Detail { get; } = detail;
}

/// <summary>The node answered a request with an error.</summary>
public class RequestFailedException(HttpStatusCode status, string code, string detail)
    : ActorTradingException($"{(int)status} {code}: {detail}")
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>The error code, such as <c>bad_parameter</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The text of the node's error.</summary>
    public string Detail { get; } = detail;
}

/// <summary>401 or 403: the token is missing, not valid, or without the required right.</summary>
public sealed class NotAuthorizedException(HttpStatusCode status, string code, string detail)
    : RequestFailedException(status, code, detail);

/// <summary>404 or 410: the symbol or signal does not exist, or the events of that time were deleted.</summary>
public sealed class NotFoundException(HttpStatusCode status, string code, string detail) : RequestFailedException(status, code, detail);

/// <summary>429 or 503: the node is busy; retry later.</summary>
public sealed class NodeBusyException(HttpStatusCode status, string code, string detail, TimeSpan retryAfter)
    : RequestFailedException(status, code, detail)
{
    /// <summary>The delay before a retry.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>The node cannot be reached, or the connection failed before the response was complete.</summary>
public sealed class NodeUnreachableException(string message, Exception? cause = null) : ActorTradingException(message, cause);

using System.Net;

namespace ActorTrading.Client;

/// <summary>What calls of this package throw, beside cancellation and misuse.</summary>
public abstract class ActorTradingException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The node will not have this feed, however often it comes: bad hello, missing right, or another connection of the same source.
/// </summary>
public sealed class FeedRefusedException(string code, string detail) : ActorTradingException($"{code}: {detail}")
{
    /// <summary>
    /// The node's code: <c>bad_hello</c>, <c>hello_required</c>, <c>not_allowed</c>, <c>superseded</c>, <c>wrong_protocol</c>,
    /// <c>tls_failed</c>.
    /// </summary>
    public string Code { get; } = code;

    /// <summary>The node's words.</summary>
    public string Detail { get; } = detail;
}

/// <summary>The node answered a request with an error.</summary>
public class RequestFailedException(HttpStatusCode status, string code, string detail)
    : ActorTradingException($"{(int)status} {code}: {detail}")
{
    /// <summary>The status of HTTP.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>The code of the answer, such as <c>bad_parameter</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The node's words.</summary>
    public string Detail { get; } = detail;
}

/// <summary>401 or 403: no token, a wrong one, or one without the right.</summary>
public sealed class NotAuthorizedException(HttpStatusCode status, string code, string detail)
    : RequestFailedException(status, code, detail);

/// <summary>404 or 410: the symbol or signal is not known, or the events of that time were deleted.</summary>
public sealed class NotFoundException(HttpStatusCode status, string code, string detail) : RequestFailedException(status, code, detail);

/// <summary>429 or 503: worth asking again after a while.</summary>
public sealed class NodeBusyException(HttpStatusCode status, string code, string detail, TimeSpan retryAfter)
    : RequestFailedException(status, code, detail)
{
    /// <summary>When to ask again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>There is no connection to the node, or it broke before the answer was complete.</summary>
public sealed class NodeUnreachableException(string message, Exception? cause = null) : ActorTradingException(message, cause);

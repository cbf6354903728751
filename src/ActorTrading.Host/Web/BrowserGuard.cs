using System.Net;
using ActorTrading.Host.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorTrading.Host.Web;

/// <summary>
/// Keeps web pages of others from using a visitor's browser to reach the node. A browser says where a request comes from
/// (<c>Origin</c>): one that is not the node itself is refused unless it is allowed. Where the node is for this machine only, so is one whose
/// <c>Host</c> is a name that somebody else may have pointed here.
/// </summary>
internal sealed class BrowserGuard(Node node)
{
    /// <summary>Serves the request if no foreign page may have sent it.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (node.Options.IsLocal && !IsOfThisMachine(request.Host.Host))
            return Answer.ProblemAsync(context, StatusCodes.Status421MisdirectedRequest, "wrong_host", $"'{request.Host.Host}' is not this machine; use localhost or its address.");
        if (request.Headers.Origin.Count == 0 || IsOfThisNode(request)) return next(context);
        var origin = request.Headers.Origin.ToString();
        if (!node.Options.Web.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return Answer.ProblemAsync(context, StatusCodes.Status403Forbidden, "foreign_origin", $"Pages of '{origin}' may not use this node; http:origins can allow them.");

        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Append(HeaderNames.Vary, "Origin");
        if (!HttpMethods.IsOptions(request.Method)) return next(context);
        headers.AccessControlAllowMethods = "GET, POST, PUT, DELETE";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Content-Encoding, Last-Event-ID, X-Source, X-Epoch";
        headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Whether the page that a browser names as the origin of a request is one of this node.</summary>
    public static bool IsOfThisNode(HttpRequest request) =>
        string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _); // a name can be pointed anywhere, an address is what it is
}

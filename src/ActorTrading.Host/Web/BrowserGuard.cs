using ActorTrading.Host.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorTrading.Host.Web;

/// <summary>
/// Prevents foreign web pages from using a visitor's browser to reach the node. Rejects a request whose <c>Origin</c> is neither this node
/// nor an allowed origin. Rejects a request whose <c>Host</c> is not a name of this node: a foreign DNS name can point to this address, and
/// the browser then treats its pages as same-origin. Other host names are accepted only when every caller must send a token or a
/// certificate, which such a page does not have, and no host names are configured.
/// </summary>
internal sealed class BrowserGuard(Node node)
{
    private readonly HostNames names = new(node.Options);

    private bool AreNamesChecked =>
        node.Options.IsLocal || node.Options.Web.Hosts.Count > 0 || node.Security.Rules is null or { Anonymous: not null };

    /// <summary>Serves the request unless a foreign page may have sent it.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (AreNamesChecked && !names.Contains(request.Host.Host))
        {
            return Answer.ProblemAsync(context, StatusCodes.Status421MisdirectedRequest, "wrong_host",
                $"'{request.Host.Host}' is not a host name of this node. Use localhost or its address; http:hosts adds host names.");
        }

        if (request.Headers.Origin.Count == 0 || IsOfThisNode(request)) return next(context);
        var origin = request.Headers.Origin.ToString();
        if (!node.Options.Web.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return Answer.ProblemAsync(
                context, StatusCodes.Status403Forbidden, "foreign_origin",
                $"Pages of '{origin}' may not use this node; http:origins can allow them.");

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

    /// <summary>Whether the <c>Origin</c> of a request is this node.</summary>
    public static bool IsOfThisNode(HttpRequest request) =>
        string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}

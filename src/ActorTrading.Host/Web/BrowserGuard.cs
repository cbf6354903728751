using ActorTrading.Host.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorTrading.Host.Web;

/// <summary>
/// Keeps web pages of others from using a visitor's browser to reach the node. A browser says where a request comes
/// from (<c>Origin</c>): one that is not the node itself is refused unless it is allowed. So is one whose <c>Host</c>
/// is none of the node's names: somebody else may have pointed it here, and then a page of that name is no foreign one
/// to the browser. Only where all that come must show a token or a certificate, which such a page has not, are other
/// names let in, unless the node was told its own.
/// </summary>
internal sealed class BrowserGuard(Node node)
{
    private readonly HostNames names = new(node.Options);

    private bool AreNamesChecked =>
        node.Options.IsLocal || node.Options.Web.Hosts.Count > 0 || node.Access is null or { Anonymous: not null };

    /// <summary>Serves the request if no foreign page may have sent it.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (AreNamesChecked && !names.Contains(request.Host.Host))
        {
            return Answer.ProblemAsync(context, StatusCodes.Status421MisdirectedRequest, "wrong_host",
                $"'{request.Host.Host}' is no name of this node. Use localhost or its address; http:hosts can give it more names.");
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

    /// <summary>Whether the page that a browser names as the origin of a request is one of this node.</summary>
    public static bool IsOfThisNode(HttpRequest request) =>
        string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}

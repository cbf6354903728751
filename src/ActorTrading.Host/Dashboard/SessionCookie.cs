using ActorTrading.Host.Web;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Dashboard;

/// <summary>
/// The cookie that holds the id of a session. Scripts cannot read it, and browsers send it along with requests of pages
/// of the same site only. It counts for requests of this node's own page alone: a page on another port of the same
/// machine is of the same site, too.
/// </summary>
internal static class SessionCookie
{
    /// <summary>The id that a request shows; null where it shows none, or where it may not be a request of this node's page.</summary>
    public static string? Read(HttpContext context) =>
        context.Request.Cookies[NameFor(context.Request)] is { Length: > 0 } id && IsOwn(context) ? id : null;

    /// <summary>Lets the browser keep an id until it is closed.</summary>
    public static void Write(HttpContext context, string id) =>
        context.Response.Cookies.Append(NameFor(context.Request), id, Options(context));

    /// <summary>Lets the browser forget it.</summary>
    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Options(context));

    /// <summary>
    /// Whether a request is one of this node's own page, as the browser says (which pages cannot forge): by
    /// <c>Sec-Fetch-Site</c> where it sends that, otherwise by
    /// <c>Origin</c>. Old browsers without encryption send neither with a plain GET, which changes nothing.
    /// </summary>
    public static bool IsOwn(HttpContext context)
    {
        var request = context.Request;
        var changes = context.WebSockets.IsWebSocketRequest || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site == "same-origin" || (site == "none" && !changes);
        return request.Headers.Origin.Count == 0 ? !changes : BrowserGuard.IsOfThisNode(request);
    }

    /// <summary>Browsers do not part cookies by port: each node on a machine has a name of its own.</summary>
    private static string NameFor(HttpRequest request) => request.Host.Port is { } port ? $"actortrading-{port}" : "actortrading";

    private static bool IsBehindTls(HttpRequest request) =>
        request.Headers.Origin.ToString().StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps || IsBehindTls(context.Request),
        Path = "/",
    };
}

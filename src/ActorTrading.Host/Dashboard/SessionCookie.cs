using ActorTrading.Host.Web;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Dashboard;

/// <summary>
/// The cookie with the session id. Scripts cannot read it, and browsers send it only with requests from pages of the same site. It is valid
/// only for requests of this node's own page, because a page on another port of the same machine also belongs to the same site.
/// </summary>
internal static class SessionCookie
{
    /// <summary>The session id of a request; null without one, or when the request may not come from this node's page.</summary>
    public static string? Read(HttpContext context) =>
        context.Request.Cookies[NameFor(context.Request)] is { Length: > 0 } id && IsOwn(context) ? id : null;

    /// <summary>Sets the cookie until the browser is closed.</summary>
    public static void Write(HttpContext context, string id) =>
        context.Response.Cookies.Append(NameFor(context.Request), id, Options(context));

    /// <summary>Deletes the cookie.</summary>
    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Options(context));

    /// <summary>
    /// Whether a request comes from this node's own page, by a header that pages cannot forge: <c>Sec-Fetch-Site</c> when the browser sends
    /// it, otherwise <c>Origin</c>. Old browsers without encryption send neither with a simple GET, which changes nothing.
    /// </summary>
    public static bool IsOwn(HttpContext context)
    {
        var request = context.Request;
        var changes = context.WebSockets.IsWebSocketRequest || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site == "same-origin" || (site == "none" && !changes);
        return request.Headers.Origin.Count == 0 ? !changes : BrowserGuard.IsOfThisNode(request);
    }

    /// <summary>The name of the cookie. Browsers share cookies between ports, so each node on a machine has its own name.</summary>
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

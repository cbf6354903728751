using System.Text;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Host.Dashboard;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Access;

/// <summary>
/// Authenticates a request by its token, its session or its client certificate, and lets it pass when the caller may use the endpoint. A
/// token that is sent is the only credential that counts, and must be valid. A token in the query string is ignored: URLs end up in logs
/// and histories.
/// </summary>
internal sealed class AccessGate(Node node, Sessions sessions)
{
    /// <summary>The WebSocket subprotocol for clients that send their token as another subprotocol, as browser pages must.</summary>
    public const string Protocol = "actortrading";

    private const string Scheme = "Bearer ";
    private const string ProtocolToken = "bearer.";

    /// <summary>Serves the request when its caller is allowed to send it.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (node.Security.Rules is not { } rules)
        {
            context.Features.Set(Caller.Anybody);
            node.Security.Pending.BecomesKnown(context);
            return next(context);
        }

        var need = context.GetEndpoint() is RouteEndpoint endpoint
            ? endpoint.Metadata.OfType<Need>().DefaultIfEmpty(Need.Admin).Last()
            : Need.Nothing;
        var token = TokenOf(context);
        var id = token is null ? SessionCookie.Read(context) : null;
        var session = id is null ? null : sessions.Find(id, rules);
        var grant = token is null ? session?.Grant ?? Unnamed(context, rules) : rules.Authenticate(Encoding.UTF8.GetBytes(token));
        RequestAudit.Name(context, grant, isShown: token is not null || id is not null);
        var missing = token is not null ? "bad_token" : id is not null ? "session_ended" : "token_required";
        if (grant is null) return need == Need.Nothing ? next(context) : UnknownAsync(context, missing);
        var caller = Caller.Of(rules, grant, session);
        if (!caller.May(need, context))
            return ReferenceEquals(grant, rules.Anonymous) ? UnknownAsync(context, missing) : ForbiddenAsync(context, grant);
        context.Features.Set(caller);
        node.Security.Pending.BecomesKnown(context);
        return next(context);
    }

    /// <summary>
    /// The grant of a request without a token or a session: that of its client certificate, else the anonymous grant; null for none.
    /// </summary>
    public static Grant? Unnamed(HttpContext context, AccessRules rules) =>
        (context.Connection.ClientCertificate is { } certificate ? rules.Authenticate(certificate) : null) ?? rules.Anonymous;

    /// <summary>The token of the request; empty for another authorization scheme; null without a token.</summary>
    private static string? TokenOf(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Authorization.Count > 0)
        {
            var shown = headers.Authorization.ToString();
            return shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? shown[Scheme.Length..].Trim() : "";
        }

        if (!context.WebSockets.IsWebSocketRequest) return null;
        return context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(one => one.StartsWith(ProtocolToken, StringComparison.Ordinal))
            ?[ProtocolToken.Length..];
    }

    private Task UnknownAsync(HttpContext context, string code)
    {
        const string Challenge = "Bearer realm=\"actortrading\"";
        context.Response.Headers.WWWAuthenticate = code == "bad_token" ? Challenge + ", error=\"invalid_token\"" : Challenge;
        Log(context, "nobody", code);
        return Answer.ProblemAsync(context, StatusCodes.Status401Unauthorized, code, code switch
        {
            "bad_token" => "The token is not in the access rules.",
            "session_ended" => "The session has ended, or belongs to another node: log in again.",
            _ => "A token is required in the header 'Authorization: Bearer TOKEN', or a client certificate of the access rules.",
        });
    }

    private Task ForbiddenAsync(HttpContext context, Grant grant)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"actortrading\", error=\"insufficient_scope\"";
        Log(context, grant.Name, "not_allowed");
        return Answer.ProblemAsync(
            context, StatusCodes.Status403Forbidden, "not_allowed", $"The access rules do not allow {grant.Name} to do that.");
    }

    private void Log(HttpContext context, string who, string code) =>
        node.Telemetry.Logger.RequestRefused(
            context.Connection.RemoteIpAddress?.ToString() ?? "", who, context.Request.Method, context.Request.Path, code);
}

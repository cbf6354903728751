using System.Text;
using System.Text.Json;
using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Dashboard;

/// <summary>Endpoints of the browser session: identity, login with a token, logout. Available during recovery.</summary>
internal sealed class SessionEndpoints
{
    private const int LongestBody = 8 * 1024;

    private static readonly (string Name, Need Need)[] Rights =
        [("read_some", Need.ReadSome), ("read_all", Need.ReadAll), ("send", Need.Send), ("admin", Need.Admin)];

    /// <summary>
    /// Delay of the response to a wrong token. There is no lockout, because strangers could use it to lock out other users.
    /// </summary>
    private static readonly TimeSpan WrongTokenDelay = TimeSpan.FromSeconds(1);

    private readonly Node node;
    private readonly Sessions sessions;

    private SessionEndpoints(Node node, Sessions sessions)
    {
        this.node = node;
        this.sessions = sessions;
    }

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node, Sessions sessions)
    {
        var endpoints = new SessionEndpoints(node, sessions);
        ReadyGate.Always(routes.MapGet("/session", endpoints.GetAsync).Needs(Need.Nothing)).Describe(
            new Operation("getSession", "The caller and its rights, for the dashboard.", Answers("The caller.")));
        ReadyGate.Always(routes.MapPost("/session", endpoints.OpenAsync).Needs(Need.Nothing).Audits(AuditActions.SessionLogin)).Describe(
            new Operation(
                "openSession",
                "Opens a session with a token, for the dashboard. The answer sets a cookie that has the rights of the token, for requests "
                + "of this node's page only.",
                Answers("The new caller.")) { Body = [Content.Json(nameof(Components.Login))] });
        ReadyGate.Always(routes.MapDelete("/session", endpoints.EndAsync).Needs(Need.Nothing).Audits(AuditActions.SessionLogout)).Describe(
            new Operation("endSession", "Ends the session and its streams.", Answers("The new caller.")));

        static Response Answers(string description) => Response.Json(nameof(Components.Session), description);
    }

    private Task GetAsync(HttpContext context) => WriteAsync(context, node.Security.Rules is null ? Caller.Anybody : Caller.Of(context));

    private async Task OpenAsync(HttpContext context)
    {
        if (!SessionCookie.IsOwn(context))
        {
            throw new RequestFault(
                StatusCodes.Status403Forbidden, "foreign_origin",
                "Only the dashboard of this node can log in here; programs send their token with each request.");
        }

        if (node.Security.Rules is not { } rules)
            throw new RequestFault(StatusCodes.Status409Conflict, "no_rules", "The node has no access rules: every caller has all rights.");
        if (rules.Authenticate(await ReadTokenAsync(context)) is not { } grant)
        {
            var remote = context.Connection.RemoteIpAddress?.ToString() ?? "";
            RequestAudit.Name(context, null, isShown: true);
            node.Telemetry.Logger.RequestRefused(remote, "nobody", context.Request.Method, context.Request.Path, "bad_token");
            await Task.Delay(WrongTokenDelay, context.RequestAborted);
            throw new RequestFault(StatusCodes.Status401Unauthorized, "bad_token", "The token is not in the access rules.");
        }

        await node.Requests.DoneAsync(context, grant.Name);
        if (Caller.Of(context)?.Session is { } before) sessions.End(before);
        var (id, session) = sessions.Open(grant);
        SessionCookie.Write(context, id);
        await WriteAsync(context, Caller.Of(rules, grant, session));
    }

    private Task EndAsync(HttpContext context)
    {
        if (Caller.Of(context)?.Session is { } session)
        {
            sessions.End(session);
            node.Requests.Done(context, session.Grant.Name); // not awaited: logout works even when the disk fails
        }

        if (node.Security.Rules is not { } rules) return WriteAsync(context, Caller.Anybody);
        SessionCookie.Clear(context);
        return WriteAsync(context, AccessGate.Unnamed(context, rules) is { } grant ? Caller.Of(rules, grant) : null);
    }

    private static async Task<byte[]> ReadTokenAsync(HttpContext context)
    {
        var body = new byte[LongestBody];
        var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        try
        {
            using var json = JsonDocument.Parse(body.AsMemory(0, length));
            var root = json.RootElement;
            if (root.TryGetProperty("token", out var token) && token.GetString() is { } text)
                return Encoding.UTF8.GetBytes(text.Trim());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The body is not an object, the token is not a text, or it contains an unpaired surrogate.
        }

        throw new RequestFault(StatusCodes.Status400BadRequest, "bad_format", "The body must be an object with the member 'token'.");
    }

    private Task WriteAsync(HttpContext context, Caller? caller) => Answer.JsonAsync(context, json =>
    {
        json.WriteBoolean("rules", node.Security.Rules is not null);
        json.WriteString("name", caller?.Grant?.Name);
        json.WriteBoolean("session", caller?.Session is not null);
        json.WriteStartObject("rights");
        foreach (var (name, need) in Rights)
            json.WriteBoolean(name, caller?.May(need, context) == true);
        json.WriteEndObject();
    });
}

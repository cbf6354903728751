using System.Net;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Host.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web.Access;

/// <summary>
/// Audit log of HTTP requests: a line for each 401, 403 and wrong host name, whichever component rejects the request; and the lines of
/// changes, which are answered after the lines are durable.
/// </summary>
internal sealed class RequestAudit(Node node)
{
    /// <summary>Serves the request, and records a rejection.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Features.Get<Problem>() is { } problem) Refuse(context, problem);
        }
    }

    /// <summary>Stores the sender of a request, before its authorization.</summary>
    public static void Name(HttpContext context, Grant? grant, bool isShown)
    {
        var subject = context.Connection.ClientCertificate?.Subject;
        context.Features.Set(new Sender(grant?.Name ?? (isShown ? AuditRecord.Unknown : subject ?? AuditRecord.Anonymous)));
    }

    /// <summary>Stores the error response of a rejected request.</summary>
    public static void Answered(HttpContext context, int status, string code) => context.Features.Set(new Problem(status, code));

    /// <summary>Records a rejection on a stream that has already started.</summary>
    public void Refuse(HttpContext context, RequestFault fault) => Refuse(context, new Problem(fault.Status, fault.Code));

    /// <summary>Writes an audit line for a completed action; completes when the line is durable.</summary>
    /// <exception cref="AuditException">The line cannot be written.</exception>
    public Task DoneAsync(HttpContext context, string caller) =>
        node.Audit.WriteAsync(RecordOf(context, "") with { Caller = caller, Outcome = AuditOutcome.Done });

    /// <summary>Writes an audit line for a completed action, without waiting for it.</summary>
    public void Done(HttpContext context, string caller) =>
        node.Audit.Note(RecordOf(context, "") with { Caller = caller, Outcome = AuditOutcome.Done });

    /// <summary>Makes a change, with an audit line before and after it; see <see cref="AccessAudit.ChangeAsync"/>.</summary>
    /// <param name="target">What is changed.</param>
    /// <param name="change">Makes the change.</param>
    /// <param name="details">The details of the change, from its result.</param>
    /// <exception cref="AuditException">A line cannot be written.</exception>
    public Task<T> ChangeAsync<T>(
        HttpContext context, string target, Func<Task<T>> change, Func<T, IReadOnlyList<KeyValuePair<string, string>>> details) =>
        node.Audit.ChangeAsync(RecordOf(context, target), change, details, static fault => Faults.Read(fault).Code);

    /// <summary>Makes a change without details, with an audit line before and after it.</summary>
    /// <exception cref="AuditException">A line cannot be written.</exception>
    public Task ChangeAsync(HttpContext context, string target, Func<Task> change) => ChangeAsync(
        context,
        target,
        async () =>
        {
            await change();
            return true;
        },
        static _ => []);

    private void Refuse(HttpContext context, Problem problem)
    {
        if (!problem.IsDenied) return;
        var request = context.Request;
        node.Audit.Refuse(RecordOf(context, $"{request.Method} {request.Path}") with { Reason = problem.Code });
    }

    private static AuditRecord RecordOf(HttpContext context, string target)
    {
        var connection = context.Connection;
        var peer = connection.RemoteIpAddress is { } address ? new IPEndPoint(address, connection.RemotePort).ToString() : "";
        var port = context.WebSockets.IsWebSocketRequest ? AuditPort.WebSocket
            : context.Request.Path == "/events" ? AuditPort.Events
            : AuditPort.Http;
        var action = context.GetEndpoint()?.Metadata.GetMetadata<Action>()?.Name ?? AuditActions.Access;
        return new AuditRecord(context.Features.Get<Sender>()?.Name ?? AuditRecord.Anonymous, peer, port, action) { Target = target };
    }

    /// <summary>The name of an endpoint's action in the audit log.</summary>
    public sealed record Action(string Name);

    private sealed record Sender(string Name);

    private sealed record Problem(int Status, string Code)
    {
        public bool IsDenied => Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden || Code == "wrong_host";
    }
}

/// <summary>Marks endpoints with their action in the audit log.</summary>
internal static class Auditing
{
    /// <summary>Marks an endpoint that makes a change; the action is one of <see cref="AuditActions"/>.</summary>
    public static TBuilder Audits<TBuilder>(this TBuilder endpoint, string action)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequestAudit.Action(action));
}

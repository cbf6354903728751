using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Whether the process lives, and whether the node can be sent work.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        ReadyGate.Always(routes.MapGet("/health/live", static (HttpContext context) => Answer.JsonAsync(context, static json => json.WriteString("status", "live"))).Needs(Need.Nothing));
        ReadyGate.Always(routes.MapGet("/health/ready", context => ReadyAsync(context, node)).Needs(Need.Nothing));
    }

    /// <summary>A node that cannot keep refusals goes on with everything else: work may be sent to it.</summary>
    private static string? Refusals(string? problem) => problem is null ? null : $"Refusals cannot be kept, and are not acknowledged: {problem}";

    private static async Task ReadyAsync(HttpContext context, Node node)
    {
        var phase = node.Phase;
        var fault = phase == NodePhase.Ready ? await node.Health.FaultAsync() : node.Failure?.Message;
        var quarantine = phase == NodePhase.Ready ? node.Quarantine?.Problem : null;
        var isReady = phase == NodePhase.Ready && fault is null;
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("status", phase switch
            {
                NodePhase.Recovering => "recovering",
                NodePhase.Draining => "draining",
                NodePhase.Failed => "failed",
                _ => !isReady ? "journal_unavailable" : quarantine is null ? "ready" : "degraded",
            });
            if ((fault ?? Refusals(quarantine)) is { } detail && Caller.Of(context) is { MayReadEverySymbol: true }) json.WriteString("detail", detail);
            if (phase != NodePhase.Recovering) return;
            json.WriteNumber("events", node.Progress.Events);
            json.WriteNumber("events_to_replay", node.Progress.EventsToReplay);
            json.WriteNumber("records", node.Progress.Records);
        }, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

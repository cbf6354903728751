using ActorTrading.Host.Nodes;
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
        ReadyGate.Always(routes.MapGet("/health/live", static (HttpContext context) => Answer.JsonAsync(context, static json => json.WriteString("status", "live"))));
        ReadyGate.Always(routes.MapGet("/health/ready", context => ReadyAsync(context, node)));
    }

    private static async Task ReadyAsync(HttpContext context, Node node)
    {
        var phase = node.Phase;
        var fault = phase == NodePhase.Ready ? await node.Health.FaultAsync() : node.Failure?.Message;
        var isReady = phase == NodePhase.Ready && fault is null;
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("status", phase switch
            {
                NodePhase.Recovering => "recovering",
                NodePhase.Draining => "draining",
                NodePhase.Failed => "failed",
                _ => isReady ? "ready" : "journal_unavailable",
            });
            if (fault is not null) json.WriteString("detail", fault);
            if (phase != NodePhase.Recovering) return;
            json.WriteNumber("events", node.Progress.Events);
            json.WriteNumber("events_to_replay", node.Progress.EventsToReplay);
            json.WriteNumber("records", node.Progress.Records);
        }, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

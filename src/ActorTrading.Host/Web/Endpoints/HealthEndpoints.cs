using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Whether the process lives, and whether the node can be sent work.</summary>
internal static class HealthEndpoints
{
    /// <summary>Some that look after a node ask for heads only.</summary>
    internal static readonly string[] Reading = ["GET", "HEAD"];

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        ReadyGate.Always(routes.MapMethods("/health/live", Reading, static (HttpContext context) => Answer.JsonAsync(context, static json => json.WriteString("status", "live"))).Needs(Need.Nothing));
        ReadyGate.Always(routes.MapMethods("/health/ready", Reading, context => ReadyAsync(context, node)).Needs(Need.Nothing));
    }

    private static async Task ReadyAsync(HttpContext context, Node node)
    {
        var phase = node.Phase;
        var journal = phase == NodePhase.Ready ? await node.Health.FaultAsync() : null;
        var cluster = phase == NodePhase.Ready ? node.Hosting?.Fault : null;
        var fault = phase == NodePhase.Ready ? journal ?? cluster : node.Failure?.Message;
        var degraded = phase == NodePhase.Ready ? node.Degraded : [];
        var isReady = phase == NodePhase.Ready && fault is null;
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("status", phase switch
            {
                NodePhase.Recovering => "recovering",
                NodePhase.Draining => "draining",
                NodePhase.Failed => "failed",
                _ => journal is not null ? "journal_unavailable" : cluster is not null ? "cluster_unavailable" : degraded.Count == 0 ? "ready" : "degraded",
            });
            if (Caller.Of(context) is { MayReadEverySymbol: true })
            {
                if (fault is not null) json.WriteString("detail", fault);
                if (degraded.Count > 0)
                {
                    json.WriteStartArray("degraded");
                    foreach (var problem in degraded) json.WriteStringValue(problem);
                    json.WriteEndArray();
                }
            }

            if (phase != NodePhase.Recovering) return;
            json.WriteNumber("events", node.Progress.Events);
            json.WriteNumber("events_to_replay", node.Progress.EventsToReplay);
            json.WriteNumber("records", node.Progress.Records);
        }, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Health endpoints: whether the process is alive, and whether the node is ready for work.</summary>
internal static class HealthEndpoints
{
    /// <summary>Some health checkers send HEAD only.</summary>
    internal static readonly string[] Reading = ["GET", "HEAD"];

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        ReadyGate.Always(routes.MapMethods("/health/live", Reading, static (HttpContext context) =>
            Answer.JsonAsync(context, static json => json.WriteString("status", "live"))).Needs(Need.Nothing)).Describe(new Operation(
                "getLive", "Whether the process runs.", Response.Json(nameof(Components.Health), "It runs.")));
        ReadyGate.Always(routes.MapMethods("/health/ready", Reading, context => ReadyAsync(context, node)).Needs(Need.Nothing)).Describe(
            new Operation(
                "getReady", "Whether the node accepts ticks and the journal answers.",
                Response.Json(nameof(Components.Health), "Ready."), Response.Json(nameof(Components.Health), "Not now.", 503)));
    }

    private static async Task ReadyAsync(HttpContext context, Node node)
    {
        var health = NodeHealth.Of(node, node.Phase == NodePhase.Ready ? await node.Journal.Health.FaultAsync() : null);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("status", health.Status);
            if (Caller.Of(context) is { MayReadEverySymbol: true })
            {
                if (health.Fault is { } fault) json.WriteString("detail", fault);
                if (health.Degraded.Count > 0)
                {
                    json.WriteTexts("degraded", health.Degraded);
                }
            }

            if (health.Status != "recovering") return;
            json.WriteNumber("events", node.Recovery.Progress.Events);
            json.WriteNumber("events_to_replay", node.Recovery.Progress.EventsToReplay);
            json.WriteNumber("records", node.Recovery.Progress.Records);
        }, health.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

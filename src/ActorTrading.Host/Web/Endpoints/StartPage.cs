using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>What somebody finds who has nothing but the address: what this is, and where to go on.</summary>
internal static class StartPage
{
    private static readonly string[] Paths =
        ["/health/ready", "/openapi.json", "/symbols", "/signals", "/ledger", "/partitions", "/shards", "/plan", "/state-hash", "/metrics", "/events", "/ws", "/ingest"];

    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) => ReadyGate.Always(routes.MapMethods("/", HealthEndpoints.Reading, (HttpContext context) => Answer.JsonAsync(context, json =>
    {
        json.WriteString("service", "ActorTrading node");
        json.WriteString("engine", node.Options.Kind.ToString().ToLowerInvariant());
        if (Caller.Of(context) is not null) json.WriteString("version", BuildInfo.Version);
        json.WriteStartArray("paths");
        foreach (var path in Paths) json.WriteStringValue(path);
        json.WriteEndArray();
    })).Needs(Need.Nothing));
}

using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>
/// The cluster as a whole: nodes, singletons, journal, shards, and what happened to them. Any node answers for all; a
/// node alone answers in the same form.
/// </summary>
internal static class ClusterEndpoint
{
    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        routes.MapGet("/cluster", context => ClusterAsync(context, node)).Needs(Need.ReadAll);

    private static async Task ClusterAsync(HttpContext context, Node node)
    {
        var after = QueryReader.Number(context, "after", 0, 0, long.MaxValue);
        var report = await node.Hosting!.ClusterAsync(node.Reporter, after, context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("engine", node.Options.Kind.ToString().ToLowerInvariant());
            ClusterJson.Write(json, report);
        });
    }
}

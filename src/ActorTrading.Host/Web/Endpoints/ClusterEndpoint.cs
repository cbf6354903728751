using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>
/// Endpoint of the cluster: nodes, singletons, journal, shards and cluster events. Any node answers for the whole cluster; a single node
/// answers in the same format.
/// </summary>
internal static class ClusterEndpoint
{
    /// <summary>Maps the endpoint.</summary>
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

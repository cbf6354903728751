using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
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
    private static readonly NumberParameter After = new("after", "Only events after this number.", Default: 0);

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        routes.MapGet("/cluster", context => ClusterAsync(context, node)).Needs(Need.ReadAll).Describe(new Operation(
            "getCluster",
            "The whole cluster: nodes, singletons, journal, shards and events. A node without a cluster answers in the same form, with its "
            + "partitions as shards.",
            Response.Json(nameof(Components.Cluster), "The cluster.")) { Parameters = [After] });

    private static async Task ClusterAsync(HttpContext context, Node node)
    {
        var after = QueryReader.Number(context, After);
        var report = await node.Hosting!.ClusterAsync(node.Reporter, after, context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("engine", node.Options.Kind.ToString().ToLowerInvariant());
            ClusterJson.Write(json, report);
        });
    }
}

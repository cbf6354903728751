using System.Text.Json;
using ActorTrading.Engine;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Json;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the location and status of the cluster's shards; the same answer from every node.</summary>
internal static class ShardEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        routes.MapGet("/shards", context => ShardsAsync(context, node)).Needs(Need.ReadAll).Describe(new Operation(
            "getShards", "The location and status of the cluster's shards, from all nodes.",
            Response.Json(nameof(Components.Shards), "The shards."),
            Response.Problem(404, "no_shards: the node is not in a cluster.")));

    private static async Task ShardsAsync(HttpContext context, Node node)
    {
        var asked = node.Hosting?.ShardsAsync(context.RequestAborted)
            ?? throw new RequestFault(
                StatusCodes.Status404NotFound, "no_shards", "This node is not in a cluster and has no shards; see /partitions.");
        var report = await asked;
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("region", report.Region);
            json.WriteStartArray("nodes");
            foreach (var shards in report.Shards.Where(shard => shard.Owner is not null).GroupBy(shard => shard.Owner!)
                .OrderBy(shards => shards.Key, StringComparer.Ordinal))
                Write(json, shards.Key, [.. shards]);
            json.WriteEndArray();
            json.WriteTexts("silent", report.SilentNodes);
            json.WriteStartArray("shards");
            foreach (var shard in report.Shards) ShardJson.Write(json, report.Region, shard);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, string node, IReadOnlyList<ShardStatus> shards)
    {
        json.WriteStartObject();
        json.WriteString("node", node);
        json.WriteNumber("shards", shards.Count);
        json.WriteNumber("symbols", shards.Sum(shard => shard.Symbols));
        json.WriteNumber("rate", Math.Round(shards.Sum(shard => shard.Rate), 1));
        json.WriteNumber("waiting", shards.Sum(shard => shard.Waiting));
        json.WriteNumber("lag_seconds", shards.Max(shard => shard.Lag).TotalSeconds);
        json.WriteEndObject();
    }
}

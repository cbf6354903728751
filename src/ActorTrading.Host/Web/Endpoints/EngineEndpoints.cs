using System.Text.Json;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>The engine as a whole: what became of its input, how its parts are doing, and its hash.</summary>
internal static class EngineEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/ledger", context => LedgerAsync(context, node)).Needs(Need.ReadAll);
        routes.MapGet("/partitions", context => PartitionsAsync(context, node)).Needs(Need.ReadAll);
        routes.MapGet("/connections", context => ConnectionsAsync(context, node)).Needs(Need.ReadAll);
        routes.MapGet("/state-hash", context => StateHashAsync(context, node)).Needs(Need.ReadAll);
    }

    private static async Task LedgerAsync(HttpContext context, Node node)
    {
        var lines = await node.Reception.LedgerAsync(context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("sources");
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteString("source", line.Source.Name);
                Write(json, line.Received, line.Applied, line.Late, line.Duplicate, line.Rejected);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("total");
            Write(json, lines.Sum(line => line.Received), lines.Sum(line => line.Applied), lines.Sum(line => line.Late),
                lines.Sum(line => line.Duplicate), lines.Sum(line => line.Rejected));
            json.WriteEndObject();
            json.WriteBoolean("balanced", lines.All(line => line.IsBalanced));
        });

        static void Write(Utf8JsonWriter json, long received, long applied, long late, long duplicate, long rejected)
        {
            json.WriteNumber("received", received);
            json.WriteNumber("applied", applied);
            json.WriteNumber("late", late);
            json.WriteNumber("duplicate", duplicate);
            json.WriteNumber("rejected", rejected);
        }
    }

    private static Task PartitionsAsync(HttpContext context, Node node)
    {
        var partitions = node.Engine.Partitions;
        return Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("partitions");
            foreach (var partition in partitions)
            {
                json.WriteStartObject();
                json.WriteNumber("partition", partition.Number);
                json.WriteString("owner", partition.Owner);
                json.WriteNumber("symbols", partition.Symbols);
                json.WriteNumber("records", partition.Records);
                json.WriteNumber("waiting", partition.Waiting);
                json.WriteNumber("lag_seconds", partition.Lag.TotalSeconds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static Task ConnectionsAsync(HttpContext context, Node node)
    {
        var connections = node.Connections;
        return Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("connections");
            foreach (var connection in connections)
            {
                json.WriteStartObject();
                json.WriteNumber("connection", connection.Number);
                json.WriteString("remote", connection.Remote?.ToString());
                json.WriteString("source", connection.Source?.Name);
                json.WriteString("since", connection.Since.UtcDateTime);
                json.WriteNumber("bytes_in", connection.BytesIn);
                json.WriteNumber("bytes_out", connection.BytesOut);
                json.WriteNumber("records", connection.Records);
                json.WriteNumber("rejected", connection.Rejected);
                json.WriteNumber("acks", connection.Acks);
                json.WriteNumber("in_flight", connection.InFlight);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static async Task StateHashAsync(HttpContext context, Node node)
    {
        var hash = await node.Engine.HashAsync(context.RequestAborted);
        await Answer.JsonAsync(context, json => json.WriteString("state_hash", hash.ToString()));
    }
}

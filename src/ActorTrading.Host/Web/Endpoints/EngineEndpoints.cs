using System.Text.Json;
using ActorTrading.Engine;
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
                Write(json, line);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("total");
            var all = new Ledger();
            all.Add(lines);
            Write(json, all.Total());
            json.WriteEndObject();
            json.WriteBoolean("balanced", lines.All(line => line.IsBalanced));
        });

        static void Write(Utf8JsonWriter json, LedgerLine line)
        {
            json.WriteNumber("received", line.Received);
            json.WriteNumber("applied", line.Applied);
            json.WriteNumber("late", line.Late);
            json.WriteNumber("duplicate", line.Duplicate);
            json.WriteNumber("rejected", line.Rejected);
            json.WriteNumber("rounded", line.Rounded);
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

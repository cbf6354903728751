using System.Text.Json;
using ActorTrading.Domain.Records;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Json;
using ActorTrading.Host.Web.Queries;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoints of the engine: the ledger of its input, the status of its partitions, and its state hash.</summary>
internal static class EngineEndpoints
{
    private static readonly Parameter Nodes = new("nodes", "`all`: of every node of the cluster. Otherwise of this node.")
    {
        Values = static () => ["all"],
    };

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/ledger", context => LedgerAsync(context, node)).Needs(Need.ReadAll).Describe(new Operation(
            "getLedger",
            "The counts of all received records since the start, per source: received = applied + late + duplicate + rejected.",
            Response.Json(nameof(Components.Ledger), "The ledger.")) { Parameters = [Nodes] });
        routes.MapGet("/partitions", context => PartitionsAsync(context, node)).Needs(Need.ReadAll).Describe(new Operation(
            "getPartitions", "The partitions that share the symbols.",
            Response.Json(nameof(Components.Partitions), "The partitions.")));
        routes.MapGet("/connections", context => ConnectionsAsync(context, node)).Needs(Need.ReadAll).Describe(new Operation(
            "getConnections", "The TCP connections.",
            Response.Json(nameof(Components.Connections), "The connections.")) { Parameters = [Nodes] });
        routes.MapGet("/state-hash", context => StateHashAsync(context, node)).Needs(Need.ReadAll).IsQuery().Describe(new Operation(
            "getStateHash", "The hash over the states of all symbols.",
            Response.Json(nameof(Components.StateHash), "The hash.")));
    }

    private static async Task LedgerAsync(HttpContext context, Node node)
    {
        if (!OfAllNodes(context))
        {
            var lines = await node.Ingest.Running.LedgerAsync(context.RequestAborted);
            await Answer.JsonAsync(context, json => LedgerJson.Write(json, lines));
            return;
        }

        var (told, silent) = await node.Hosting!.IntakeAsync(node.Reporter, context.RequestAborted);
        var all = new Ledger();
        foreach (var one in told) all.Add(one.Ledger);
        await Answer.JsonAsync(context, json =>
        {
            LedgerJson.Write(json, [.. all.Lines]);
            json.WriteStartArray("nodes");
            foreach (var one in told)
            {
                json.WriteStartObject();
                json.WriteString("node", one.Node);
                LedgerJson.Write(json, one.Ledger);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteTexts("silent", silent);
        });
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

    private static async Task ConnectionsAsync(HttpContext context, Node node)
    {
        if (!OfAllNodes(context))
        {
            var connections = node.Ingest.Listener?.Connections ?? [];
            await Answer.JsonAsync(context, json =>
            {
                json.WriteStartArray("connections");
                foreach (var connection in connections) Write(json, null, connection);
                json.WriteEndArray();
            });
            return;
        }

        var (told, silent) = await node.Hosting!.IntakeAsync(node.Reporter, context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("connections");
            foreach (var one in told)
            {
                foreach (var connection in one.Connections) Write(json, one.Node, connection);
            }

            json.WriteEndArray();
            json.WriteTexts("silent", silent);
        });
    }

    private static void Write(Utf8JsonWriter json, string? node, ConnectionStatus connection)
    {
        json.WriteStartObject();
        if (node is not null) json.WriteString("node", node);
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
        json.WriteNumber("lag_seconds", connection.Lag.TotalSeconds);
        if (connection.AckedSeq != Identity.None) json.WriteNumber("acked_seq", connection.AckedSeq);
        if (connection.LastAck is { } last) json.WriteString("last_ack", last.UtcDateTime);
        json.WriteEndObject();
    }

    /// <summary>Whether the request asks for all nodes of the cluster.</summary>
    private static bool OfAllNodes(HttpContext context) => QueryReader.Text(context, Nodes.Name) switch
    {
        null => false,
        "all" => true,
        var other => throw RequestFault.BadParameter(Nodes.Name, $"'{other}' is not 'all'"),
    };

    private static async Task StateHashAsync(HttpContext context, Node node)
    {
        var hash = await node.Engine.HashAsync(context.RequestAborted);
        await Answer.JsonAsync(context, json => json.WriteString("state_hash", hash.ToString()));
    }
}

using System.Text.Json;
using ActorTrading.Connectors;
using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the status of this node's connectors, and of the symbols that they read.</summary>
internal static class ConnectorEndpoint
{
    private static readonly Parameter Name = new("name", "The name of the connector.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/connectors", context => ListAsync(context, node)).Needs(Need.ReadAll).Describe(new Operation(
            "getConnectors", "The status of this node's connectors.",
            Response.Json(nameof(Components.Connectors), "The connectors.")));
        routes.MapPut("/connectors/{name}/symbols/{symbol}", context => ChangeAsync(context, node, AddAsync))
            .Needs(Need.Admin).Audits(AuditActions.ConnectorsPut).Describe(new Operation(
                "addConnectorSymbol", "Adds a symbol to those that a connector reads.",
                Response.Json(nameof(Components.Connectors), "The connectors."),
                Response.Problem(404, "unknown_connector: there is no such connector."),
                Response.Problem(409, "wrong_connector: the connector does not choose symbols.")) { Parameters = [Name] });
        routes.MapDelete("/connectors/{name}/symbols/{symbol}", context => ChangeAsync(context, node, RemoveAsync))
            .Needs(Need.Admin).Audits(AuditActions.ConnectorsDelete).Describe(new Operation(
                "removeConnectorSymbol", "Removes a symbol from those that a connector reads.",
                Response.Json(nameof(Components.Connectors), "The connectors."),
                Response.Problem(
                    404, "unknown_connector: there is no such connector. unknown_symbol: it does not read the symbol. Nothing is changed."),
                Response.Problem(409, "wrong_connector: the connector does not choose symbols.")) { Parameters = [Name] });
    }

    private static async Task ChangeAsync(HttpContext context, Node node, Func<ISymbolReader, string, CancellationToken, Task> change)
    {
        var name = (string)context.Request.RouteValues[Name.Name]!;
        var symbol = QueryReader.Symbol(context, segment: 3).Name;
        var connector = node.Connectors?.Find(name)
            ?? throw new RequestFault(StatusCodes.Status404NotFound, "unknown_connector", $"There is no connector {name}.");
        var reader = connector as ISymbolReader
            ?? throw new RequestFault(StatusCodes.Status409Conflict, "wrong_connector", $"The connector {name} does not choose symbols.");
        await node.Requests.ChangeAsync(context, $"{name} {symbol}", () => change(reader, symbol, context.RequestAborted));
        await ListAsync(context, node);
    }

    private static async Task AddAsync(ISymbolReader reader, string symbol, CancellationToken cancellation)
    {
        try
        {
            await reader.AddAsync(symbol, cancellation);
        }
        catch (ArgumentException refusal)
        {
            throw new RequestFault(StatusCodes.Status400BadRequest, "bad_symbol", refusal.Message);
        }
    }

    private static Task RemoveAsync(ISymbolReader reader, string symbol, CancellationToken cancellation) => reader.Remove(symbol)
        ? Task.CompletedTask
        : throw new RequestFault(StatusCodes.Status404NotFound, "unknown_symbol", $"The connector does not read {symbol}.");

    private static Task ListAsync(HttpContext context, Node node)
    {
        var all = node.Connectors?.Status ?? [];
        return Answer.JsonAsync(context, json =>
        {
            json.WriteString("node", node.Hosting?.Address);
            json.WriteStartArray("connectors");
            foreach (var connector in all) Write(json, connector);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, ConnectorStatus connector)
    {
        json.WriteStartObject();
        json.WriteString("name", connector.Name);
        json.WriteString("kind", connector.Kind);
        json.WriteString("direction", connector.Direction.ToString().ToLowerInvariant());
        json.WriteString("phase", connector.Phase.ToString().ToLowerInvariant());
        json.WriteNumber("messages", connector.Messages);
        json.WriteNumber("rejected", connector.Rejected);
        json.WriteNumber("skipped", connector.Skipped);
        json.WriteNumber("lost", connector.Lost);
        json.WriteNumber("errors", connector.Errors);
        if (connector.Lag is { } lag) json.WriteNumber("lag", lag);
        else json.WriteNull("lag");
        json.WriteString("last_error", connector.LastError);
        if (connector.LastMessage is { } at) json.WriteString("last_message", at.UtcDateTime);
        else json.WriteNull("last_message");
        if (connector.Symbols is { } symbols)
        {
            json.WriteStartArray("symbols");
            foreach (var symbol in symbols) json.WriteStringValue(symbol);
            json.WriteEndArray();
        }

        if (connector.Events.Count > 0)
        {
            json.WriteStartObject("events");
            foreach (var (name, count) in connector.Events) json.WriteNumber(name, count);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}

using System.Text.Json;
using ActorTrading.Connectors;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>How the connectors of this node are doing.</summary>
internal static class ConnectorEndpoint
{
    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) => routes.MapGet("/connectors", context =>
    {
        var all = node.Connectors;
        return Answer.JsonAsync(context, json =>
        {
            json.WriteString("node", node.Hosting?.Address);
            json.WriteStartArray("connectors");
            foreach (var connector in all) Write(json, connector);
            json.WriteEndArray();
        });
    }).Needs(Need.ReadAll);

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
        json.WriteEndObject();
    }
}

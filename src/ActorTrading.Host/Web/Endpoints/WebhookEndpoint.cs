using System.Text.Json;
using ActorTrading.Domain.Signals;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Webhooks;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the status of this node's webhooks.</summary>
internal static class WebhookEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) => routes.MapGet("/webhooks", context =>
    {
        var all = node.Webhooks?.Status ?? [];
        return Answer.JsonAsync(context, json =>
        {
            json.WriteString("node", node.Hosting?.Address);
            json.WriteNumber("last", node.Hosted.LastSignal);
            json.WriteStartArray("webhooks");
            foreach (var webhook in all) Write(json, webhook);
            json.WriteEndArray();
        });
    }).Needs(Need.ReadAll).Describe(new Operation(
        "getWebhooks", "The status of this node's webhooks.", Response.Json(nameof(Components.Webhooks), "The webhooks.")));

    private static void Write(Utf8JsonWriter json, WebhookStatus webhook)
    {
        json.WriteStartObject();
        json.WriteString("name", webhook.Name);
        json.WriteString("host", webhook.Host);
        Write(json, "symbols", webhook.Wanted.Symbols?.Select(symbol => symbol.Name));
        Write(json, "rules", webhook.Wanted.Rules);
        Write(json, "actions", webhook.Wanted.Actions?.Select(action => action.Name()));
        json.WriteNumber("position", webhook.Position);
        json.WriteNumber("waiting", webhook.Waiting);
        json.WriteNumber("attempts", webhook.Attempts);
        json.WriteNumber("failures", webhook.Failures);
        json.WriteNumber("delivered", webhook.Delivered);
        json.WriteNumber("dead_letters", webhook.DeadLetters);
        json.WriteString("fault", webhook.Fault);
        json.WriteString("last_answer", webhook.LastAnswer?.Reason);
        Write(json, "last_answer_time", webhook.LastAnswer?.Time);
        Write(json, "next_try", webhook.NextTry);
        json.WriteEndObject();
    }

    /// <summary>Writes a list of selected names; null for all.</summary>
    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string>? some)
    {
        if (some is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteTexts(name, some.Order(StringComparer.Ordinal));
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at) json.WriteString(name, at.UtcDateTime);
        else json.WriteNull(name);
    }
}

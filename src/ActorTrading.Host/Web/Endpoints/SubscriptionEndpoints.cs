using ActorTrading.Host.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>The durable list of the symbols that are taken.</summary>
internal static class SubscriptionEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/subscriptions", context => ListAsync(context, node));
        routes.MapPut("/subscriptions/{symbol}", async context =>
        {
            await node.Engine.SubscribeAsync([QueryReader.Symbol(context)], context.RequestAborted);
            await ListAsync(context, node);
        });
        routes.MapDelete("/subscriptions/{symbol}", async context =>
        {
            await node.Engine.UnsubscribeAsync([QueryReader.Symbol(context)], context.RequestAborted);
            await ListAsync(context, node);
        });
    }

    private static async Task ListAsync(HttpContext context, Node node)
    {
        var subscriptions = await node.Engine.SubscriptionsAsync(context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteBoolean("everything", !subscriptions.HasList);
            json.WriteStartArray("symbols");
            foreach (var symbol in subscriptions.Symbols) json.WriteStringValue(symbol.Name);
            json.WriteEndArray();
        });
    }
}

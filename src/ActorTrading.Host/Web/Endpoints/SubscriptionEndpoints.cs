using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Json;
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
        routes.MapGet("/subscriptions", context => ListAsync(context, node)).Needs(Need.ReadSome);
        routes.MapDelete("/subscriptions", async context =>
        {
            await node.Requests.ChangeAsync(context, "*", () => node.Engine.ClearSubscriptionsAsync(context.RequestAborted));
            await ListAsync(context, node);
        }).Needs(Need.Admin).Audits(AuditActions.SubscriptionsDelete);
        routes.MapPut("/subscriptions/{symbol}", async context =>
        {
            var symbol = QueryReader.Symbol(context);
            await node.Requests.ChangeAsync(context, symbol.Name, () => node.Engine.SubscribeAsync([symbol], context.RequestAborted));
            await ListAsync(context, node);
        }).Needs(Need.Admin).Audits(AuditActions.SubscriptionsPut);
        routes.MapDelete("/subscriptions/{symbol}", async context =>
        {
            var symbol = QueryReader.Symbol(context);
            await node.Requests.ChangeAsync(context, symbol.Name, () => node.Engine.UnsubscribeAsync([symbol], context.RequestAborted));
            await ListAsync(context, node);
        }).Needs(Need.Admin).Audits(AuditActions.SubscriptionsDelete);
    }

    private static async Task ListAsync(HttpContext context, Node node)
    {
        var caller = Caller.Required(context);
        var subscriptions = await node.Engine.SubscriptionsAsync(context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteBoolean("everything", !subscriptions.HasList);
            json.WriteTexts("symbols", subscriptions.Symbols.Where(caller.MayRead).Select(symbol => symbol.Name));
        });
    }
}

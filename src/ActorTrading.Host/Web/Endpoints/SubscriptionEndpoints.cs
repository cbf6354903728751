using ActorTrading.Domain.Values;
using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoints of the durable list of accepted symbols.</summary>
internal static class SubscriptionEndpoints
{
    private static readonly Response List = Response.Json(nameof(Components.Subscriptions), "The list.");

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/subscriptions", context => ListAsync(context, node)).Needs(Need.ReadSome).Describe(
            new Operation("getSubscriptions", "The list of accepted symbols.", List));
        routes.MapDelete("/subscriptions", async context =>
        {
            await node.Requests.ChangeAsync(context, "*", () => node.Engine.ClearSubscriptionsAsync(context.RequestAborted));
            await ListAsync(context, node);
        }).Needs(Need.Admin).Audits(AuditActions.SubscriptionsDelete).Describe(
            new Operation("clearSubscriptions", "Removes the list: every symbol is accepted.", List));
        routes.MapPut("/subscriptions/{symbol}", async context =>
        {
            var symbol = QueryReader.Symbol(context);
            await node.Requests.ChangeAsync(context, symbol.Name, () => node.Engine.SubscribeAsync([symbol], context.RequestAborted));
            await ListAsync(context, node);
        }).Needs(Need.Admin).Audits(AuditActions.SubscriptionsPut).Describe(
            new Operation("subscribe", "Adds a symbol to the list.", List));
        routes.MapDelete("/subscriptions/{symbol}", async context =>
        {
            var symbol = QueryReader.Symbol(context);
            if (!await IsTakenAsync(node, symbol, context.RequestAborted))
                throw new RequestFault(StatusCodes.Status404NotFound, "unknown_symbol", $"{symbol} is not on the list.");
            await node.Requests.ChangeAsync(context, symbol.Name, () => node.Engine.UnsubscribeAsync([symbol], context.RequestAborted));
            await ListAsync(context, node);
        }).Needs(Need.Admin).Audits(AuditActions.SubscriptionsDelete).Describe(new Operation(
            "unsubscribe", "Removes a symbol from the list.", List,
            Response.Problem(
                404, "unknown_symbol: the symbol is not on the list or, if there is no list, not known. Nothing is changed.")));
    }

    /// <summary>Whether a symbol is on the list; without a list, whether the symbol is known.</summary>
    private static async Task<bool> IsTakenAsync(Node node, Symbol symbol, CancellationToken cancellation)
    {
        var subscriptions = await node.Engine.SubscriptionsAsync(cancellation);
        return subscriptions.HasList
            ? subscriptions.Symbols.Contains(symbol)
            : (await node.Engine.SymbolsAsync(cancellation)).Any(summary => summary.Symbol.Equals(symbol));
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

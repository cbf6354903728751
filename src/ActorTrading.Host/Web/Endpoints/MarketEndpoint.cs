using ActorTrading.Domain.Values;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the current market row of every symbol, in the format of the first message of the topic <c>market</c>.</summary>
internal static class MarketEndpoint
{
    private static readonly Parameter Symbols = new("symbols", "Symbols, separated by commas; all by default.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        routes.MapGet("/market", context => AllAsync(context, node)).Needs(Need.ReadSome).Describe(new Operation(
            "getMarket", "Every symbol as a row of a market table; the topic market continues from there.",
            Response.Json(nameof(Components.Market), "The rows, in the order of their symbols.")) { Parameters = [Symbols] });

    private static async Task AllAsync(HttpContext context, Node node)
    {
        var caller = Caller.Required(context);
        var symbols = QueryReader.Symbols(context, Symbols.Name);
        caller.MustRead(symbols ?? Enumerable.Empty<Symbol>());
        using var watch = node.Market.Enter();
        await watch.Complete.WaitAsync(context.RequestAborted);
        var viewer = new MarketViewer(watch, symbol => symbols?.Contains(symbol) != false && caller.MayRead(symbol));
        await Answer.JsonAsync(context, viewer.WriteAll);
    }
}

using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>The signal log, page by page, and why a signal fired.</summary>
internal static class SignalEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/signals", context => SignalsAsync(context, node)).Needs(Need.ReadSome).Of(Role.Gateway);
        routes.MapGet("/explain", context => ExplainAsync(context, node)).Needs(Need.ReadSome);
    }

    private static async Task ExplainAsync(HttpContext context, Node node)
    {
        var id = QueryReader.Text(context, "signal") ?? throw RequestFault.BadParameter("signal", "the id of a signal is needed");
        if (!SignalId.TryParse(id, out var named) ? !Caller.Required(context).MayReadEverySymbol : !Caller.Required(context).MayRead(named.Symbol))
            throw Caller.NotAllowed($"The access rules do not let you see the signal '{id}'.");
        var explanation = await node.Engine.ExplainAsync(id, context.RequestAborted)
            ?? throw new RequestFault(StatusCodes.Status404NotFound, "unknown_signal", $"Neither the log nor the journal knows a signal '{id}'.");
        await Answer.JsonAsync(context, json => ExplanationJson.Write(json, explanation));
    }

    private static async Task SignalsAsync(HttpContext context, Node node)
    {
        var position = QueryReader.Number(context, "from", 0, 0, long.MaxValue);
        var limit = (int)QueryReader.Number(context, "limit", 100, 1, 1_000);
        var symbols = QueryReader.Symbols(context, "symbol");
        var caller = Caller.Required(context);
        caller.MustRead(symbols ?? Enumerable.Empty<Symbol>());
        var last = node.LastSignal;
        var signals = new List<LoggedSignal>();
        if (position < last)
        {
            await foreach (var logged in node.Engine.SignalsAsync(position, context.RequestAborted))
            {
                position = logged.Position;
                if (symbols?.Contains(logged.Signal.Symbol) != false && caller.MayRead(logged.Signal.Symbol)) signals.Add(logged);
                if (position >= last || signals.Count == limit) break;
            }
        }

        await Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("signals");
            foreach (var logged in signals) LoggedSignalJson.Write(json, logged);
            json.WriteEndArray();
            json.WriteNumber("next", position);
            json.WriteNumber("last", last);
        });
    }
}

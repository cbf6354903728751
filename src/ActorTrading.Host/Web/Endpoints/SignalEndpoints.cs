using ActorTrading.Domain.Signals;
using ActorTrading.Engine;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Json;
using ActorTrading.Host.Web.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoints of the signal log, page by page, and of the explanation of a signal.</summary>
internal static class SignalEndpoints
{
    private const int BlockLength = 512; // of one page of the log
    private const int MaxScanned = 20_480; // by one request that goes back

    private static readonly Parameter Id = new("signal", "The id of the signal.") { IsRequired = true };
    private static readonly NumberParameter Limit = new("limit", "The most signals to list.", 1, 1_000, Default: 100);
    private static readonly NumberParameter From = new("from", "Signals after this position, the oldest first.", Default: 0);
    private static readonly NumberParameter Before = new(
        "before", "Signals before this position, the newest first. `next` is then the position to continue before; 1 at the first.", 1);

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/signals", context => SignalsAsync(context, node)).Needs(Need.ReadSome).Of(Role.Gateway).IsQuery().Describe(
            new Operation("getSignals", "A page of the signal log.", Response.Json(nameof(Components.Signals), "The signals."))
            {
                Parameters = [From, Before, Limit, .. SignalFilter.Parameters],
            });
        routes.MapGet("/explain", context => ExplainAsync(context, node)).Needs(Need.ReadSome).IsQuery().Describe(new Operation(
            "explainSignal", "Why a signal fired: the rule, its values, and the records of its bar.",
            Response.Json(nameof(Components.Explanation), "The explanation."),
            Response.Problem(404, "unknown_signal: neither the log nor the journal has it.")) { Parameters = [Id] });
    }

    private static async Task ExplainAsync(HttpContext context, Node node)
    {
        var id = QueryReader.Text(context, Id.Name) ?? throw RequestFault.BadParameter(Id.Name, "the id of a signal is required");
        if (!SignalId.TryParse(id, out var named)
            ? !Caller.Required(context).MayReadEverySymbol
            : !Caller.Required(context).MayRead(named.Symbol))
            throw Caller.NotAllowed($"The access rules do not allow you to read the signal '{id}'.");
        var explanation = await node.Engine.ExplainAsync(id, context.RequestAborted)
            ?? throw new RequestFault(
                StatusCodes.Status404NotFound, "unknown_signal", $"The signal '{id}' is neither in the log nor in the journal.");
        await Answer.JsonAsync(context, json => ExplanationJson.Write(json, explanation));
    }

    private static async Task SignalsAsync(HttpContext context, Node node)
    {
        var filter = SignalFilter.Of(context);
        var limit = (int)QueryReader.Number(context, Limit);
        var last = node.Hosted.LastSignal;
        if (QueryReader.Text(context, Before.Name) is not null)
        {
            if (QueryReader.Text(context, From.Name) is not null)
                throw RequestFault.BadParameter(Before.Name, "give 'from' or 'before', not both");
            await BackAsync(context, node, filter, limit);
            return;
        }

        var position = QueryReader.Number(context, From);
        var signals = new List<LoggedSignal>();
        if (position < last)
        {
            await foreach (var logged in node.Engine.SignalsAsync(position, context.RequestAborted))
            {
                position = logged.Position;
                if (filter.Takes(logged.Signal)) signals.Add(logged);
                if (position >= last || signals.Count == limit) break;
            }
        }

        await AnswerAsync(context, signals, position, last);
    }

    /// <summary>
    /// Returns signals newest first. When few signals match, it reads a limited part of the log; <c>next</c> is the position to continue
    /// from.
    /// </summary>
    private static async Task BackAsync(HttpContext context, Node node, SignalFilter filter, int limit)
    {
        var last = node.Hosted.LastSignal;
        var before = Math.Min(QueryReader.Number(context, Before), last + 1);
        var least = Math.Max(1, before - MaxScanned);
        var signals = new List<LoggedSignal>();
        while (before > least && signals.Count < limit)
        {
            var (begin, block) = (Math.Max(least, before - BlockLength), new List<LoggedSignal>());
            await foreach (var logged in node.Engine.SignalsAsync(begin - 1, context.RequestAborted))
            {
                if (filter.Takes(logged.Signal)) block.Add(logged);
                if (logged.Position >= before - 1) break;
            }

            block.Reverse();
            var room = limit - signals.Count;
            signals.AddRange(block.Take(room));
            before = block.Count >= room ? signals[^1].Position : begin;
        }

        await AnswerAsync(context, signals, before, last);
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<LoggedSignal> signals, long next, long last) =>
        Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("signals");
            foreach (var logged in signals) LoggedSignalJson.Write(json, logged);
            json.WriteEndArray();
            json.WriteNumber("next", next);
            json.WriteNumber("last", last);
        });
}

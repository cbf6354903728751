using System.Buffers;
using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.History;
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

/// <summary>Endpoints of symbols: current and past state.</summary>
internal static class SymbolEndpoints
{
    private const int MaxItems = 10_000;

    private static readonly Timestamp Beginning = new(long.MinValue);
    private static readonly Timestamp End = new(long.MaxValue);

    private static readonly NumberParameter Limit = new("limit", "The most items to list.", 1, MaxItems, Default: 1_000);
    private static readonly Parameter At = new("at", "The moment: ISO 8601 or a number since 1970; now by default.");
    private static readonly Parameter Date = new("date", "The day; by default that of the last price.");
    private static readonly Parameter From =
        new("from", "The first moment: ISO 8601 or a number since 1970. By default the answer has the newest items.");

    private static readonly Parameter To = new("to", "The moment after the last; in the same formats.");
    private static readonly Parameter OfFrame = new(
        "frame", "tick, a whole number of s, min or hour below a day (30s, 5min, 4hour), 1day, 1week or 1month.") { IsRequired = true };

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/symbols", context => AllAsync(context, node)).Needs(Need.ReadSome).IsQuery().Describe(
            new Operation("getSymbols", "Every symbol.", Response.Json(nameof(Components.Symbols), "The symbols.")));
        routes.MapGet("/symbols/{symbol}", context => StateAsync(context, node)).Needs(Need.ReadSymbol)
            .IsQuery(static context => context.Request.Query.ContainsKey(At.Name)).Describe(new Operation(
                "getState", "The state of a symbol, now or in the past.",
                Response.Json(nameof(Components.State), "The state.")) { Parameters = [At] });
        routes.MapDelete("/symbols/{symbol}", context => DeleteAsync(context, node)).Needs(Need.Admin).Audits(AuditActions.SymbolsDelete)
            .Describe(new Operation(
                "deleteSymbol", "Deletes a symbol: its events are removed from the journal, its signals stay in the log.",
                Response.Json(nameof(Components.Deletion), "The deletion."),
                Response.Problem(404, "unknown_symbol: no record of it was ever accepted.")));
        routes.MapGet("/symbols/{symbol}/plan", context => PlanAsync(context, node)).Needs(Need.ReadSymbol).Describe(new Operation(
            "getSymbolPlan", "The settings of the plan for a symbol: its frames, indicators and rules.",
            Response.Json(nameof(Components.SymbolPlan), "The settings.")));
        routes.MapGet("/symbols/{symbol}/bars", context => BarsAsync(context, node)).Needs(Need.ReadSymbol).IsQuery().Describe(
            new Operation("getBars", "Closed bars of a symbol.", Response.Json(nameof(Components.Bars), "The bars."))
            {
                Parameters = [OfFrame, From, To, Limit],
            });
        routes.MapGet("/symbols/{symbol}/ticks", context => TicksAsync(context, node)).Needs(Need.ReadSymbol).IsQuery().Describe(
            new Operation("getTicks", "Accepted records of a symbol.", Response.Json(nameof(Components.Ticks), "The records."))
            {
                Parameters = [From, To, Limit],
            });
        routes.MapGet("/symbols/{symbol}/summary", context => SummaryAsync(context, node)).Needs(Need.ReadSymbol).IsQuery()
            .Describe(new Operation(
            "getSummary", "One trading day of a symbol on its venue's calendar.",
            Response.Json(nameof(Components.Summary), "The day.")) { Parameters = [Date] });
    }

    private static async Task DeleteAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var by = Caller.Required(context).Grant?.Name ?? "";
        var outcome = await node.Requests.ChangeAsync(context, symbol.Name, RunAsync, static outcome =>
        [
            new("event", outcome.Event.ToString(CultureInfo.InvariantCulture)), new("changed", outcome.IsChanged ? "true" : "false"),
        ]);
        var deleted = outcome.Deleted!;
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("symbol", symbol.Name);
            json.WriteBoolean("changed", outcome.IsChanged);
            json.WriteNumber("event", outcome.Event);
            json.WriteString("time", deleted.Time.ToString());
            if (deleted.By.Length > 0) json.WriteString("by", deleted.By);
            json.WriteBoolean("purged", outcome.IsPurged);
        });

        async Task<DeletionOutcome> RunAsync()
        {
            var ran = await node.Changes.DeleteSymbolAsync(symbol, by, context.RequestAborted);
            return ran.Deleted is null
                ? throw new RequestFault(StatusCodes.Status404NotFound, "unknown_symbol", $"No record of {symbol} was ever accepted.")
                : ran;
        }
    }

    private static async Task AllAsync(HttpContext context, Node node)
    {
        var caller = Caller.Required(context);
        var symbols = await node.Engine.SymbolsAsync(context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("symbols");
            foreach (var symbol in symbols.Where(one => caller.MayRead(one.Symbol)))
            {
                json.WriteStartObject();
                json.WriteString("symbol", symbol.Symbol.Name);
                json.WriteUnits(
                    "last_price", symbol.LastTime == Timestamp.MinValue ? null : symbol.LastPrice,
                    node.Plan.For(symbol.Symbol).Units.PriceDecimals);
                json.WriteTime("last_time", symbol.LastTime);
                json.WriteNumber("applied", symbol.Applied);
                json.WriteNumber("late", symbol.Late);
                json.WriteNumber("signals", symbol.Signals);
                json.WriteNumber("partition", symbol.Partition);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static async Task StateAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var at = QueryReader.Time(context, At.Name);
        var state = await node.Engine.StateAsync(symbol, at, context.RequestAborted) ?? throw Unknown(symbol);
        await Answer.JsonAsync(context, json =>
        {
            if (at is { } moment) json.WriteTime("at", moment);
            StateJson.Write(json, state);
        });
    }

    private static async Task BarsAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var frame = QueryReader.Frame(context, OfFrame.Name);
        var from = QueryReader.Time(context, From.Name);
        var to = QueryReader.Time(context, To.Name) ?? End;
        var limit = (int)QueryReader.Number(context, Limit);
        var settings = node.Plan.For(symbol);
        if (!settings.Frames.Contains(frame))
            throw RequestFault.BadParameter(
                OfFrame.Name, $"the plan of {symbol} has {string.Join(", ", settings.Frames.Select(one => one.Name()))}");

        var page = from is { } first
            ? First(await node.Journal.Past.FirstBarsAsync(symbol, frame, (first, to), limit + 1, context.RequestAborted), limit)
            : (await node.Journal.Past.NewestBarsAsync(symbol, frame, to, limit, context.RequestAborted), Next: null);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("symbol", symbol.Name);
            json.WriteString("frame", frame.Name());
            json.WriteStartArray("bars");
            foreach (var bar in page.Bars.Bars)
            {
                json.WriteStartObject();
                BarJson.Write(json, bar, settings);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (page.Next is { } next) json.WriteTime("next", next);
            if (page.Bars.Previous is { } previous) json.WriteTime("previous", previous);
        });
    }

    /// <summary>The first bars of a time range, and the open time of the next bar when more bars were found than the limit.</summary>
    private static (BarPage Bars, Timestamp? Next) First(IReadOnlyList<BarClosed> found, int limit) =>
        (new BarPage([.. found.Take(limit)], null), found.Count > limit ? found[limit].Bar.Opened : null);

    private static Task PlanAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var settings = node.Plan.For(symbol);
        return Answer.JsonAsync(context, json => SettingsJson.Write(json, symbol, settings));
    }

    private static async Task TicksAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var from = QueryReader.Time(context, From.Name);
        var to = QueryReader.Time(context, To.Name) ?? End;
        var limit = (int)QueryReader.Number(context, Limit);
        var records = new List<Record>();
        if (from is { } first)
        {
            await node.Journal.Past.ReadAsync(symbol, (in Record record) =>
            {
                if (record.Time >= first && record.Time < to) records.Add(record);
                return records.Count < limit;
            }, context.RequestAborted);
        }
        else
        {
            records.AddRange(await node.Journal.Past.NewestAsync(symbol, Beginning, to, limit, context.RequestAborted));
        }

        var line = new ArrayBufferWriter<byte>();
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("symbol", symbol.Name);
            json.WriteStartArray("ticks");
            foreach (var record in records)
            {
                line.ResetWrittenCount();
                RecordWriter.Write(record, Dialect.Canonical, line);
                json.WriteRawValue(line.WrittenSpan.TrimEnd((byte)'\n'), skipInputValidation: true);
            }

            json.WriteEndArray();
        });
    }

    private static async Task SummaryAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var past = node.Journal.Past;
        var summary = await DaySummary.OfAsync(node.Engine, past, symbol, QueryReader.Time(context, Date.Name), context.RequestAborted)
            ?? throw Unknown(symbol);
        await Answer.JsonAsync(context, summary.Write);
    }

    private static RequestFault Unknown(Symbol symbol) => new(404, "unknown_symbol", $"No record of {symbol} was accepted (by that time).");
}

using System.Buffers;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Json;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>What is known of symbols, now and in the past.</summary>
internal static class SymbolEndpoints
{
    private const int MaxItems = 10_000;

    private static async Task DeleteAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var outcome = await node.DeleteSymbolAsync(symbol, Caller.Required(context).Grant?.Name ?? "", context.RequestAborted);
        if (outcome.Deleted is not { } deleted)
            throw new RequestFault(StatusCodes.Status404NotFound, "unknown_symbol", $"Nothing of {symbol} was ever accepted.");
        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("symbol", symbol.Name);
            json.WriteBoolean("changed", outcome.IsChanged);
            json.WriteNumber("event", outcome.Event);
            json.WriteString("time", deleted.Time.ToString());
            if (deleted.By.Length > 0) json.WriteString("by", deleted.By);
            json.WriteBoolean("purged", outcome.IsPurged);
        });
    }

    private static readonly Timestamp Beginning = new(long.MinValue);
    private static readonly Timestamp End = new(long.MaxValue);

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/symbols", context => AllAsync(context, node)).Needs(Need.ReadSome);
        routes.MapGet("/symbols/{symbol}", context => StateAsync(context, node)).Needs(Need.ReadSymbol);
        routes.MapDelete("/symbols/{symbol}", context => DeleteAsync(context, node)).Needs(Need.Admin);
        routes.MapGet("/symbols/{symbol}/plan", context => PlanAsync(context, node)).Needs(Need.ReadSymbol);
        routes.MapGet("/symbols/{symbol}/bars", context => BarsAsync(context, node)).Needs(Need.ReadSymbol);
        routes.MapGet("/symbols/{symbol}/ticks", context => TicksAsync(context, node)).Needs(Need.ReadSymbol);
        routes.MapGet("/symbols/{symbol}/summary", context => SummaryAsync(context, node)).Needs(Need.ReadSymbol);
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
                json.WriteUnits("last_price", symbol.LastTime == Timestamp.MinValue ? null : symbol.LastPrice, node.Plan.For(symbol.Symbol).Units.PriceDecimals);
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
        var at = QueryReader.Time(context, "at");
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
        var frame = QueryReader.Frame(context, "frame");
        var from = QueryReader.Time(context, "from");
        var to = QueryReader.Time(context, "to") ?? End;
        var limit = (int)QueryReader.Number(context, "limit", 1_000, 1, MaxItems);
        var settings = node.Plan.For(symbol);
        if (!settings.Frames.Contains(frame))
            throw RequestFault.BadParameter("frame", $"the plan of {symbol} has {string.Join(", ", settings.Frames.Select(one => one.Name()))}");

        var bars = new Queue<BarClosed>();
        Timestamp? leftOut = null; // the newest of those before the last ones
        await foreach (var bar in node.Engine.BarsAsync(symbol, frame, from ?? Beginning, to, context.RequestAborted))
        {
            bars.Enqueue(bar);
            if (bars.Count <= limit) continue;
            if (from is not null) break; // the first ones, and one that shows there are more
            var older = bars.Dequeue().Bar.Opened;
            if (!(older < leftOut)) leftOut = older;
        }

        await Answer.JsonAsync(context, json =>
        {
            json.WriteString("symbol", symbol.Name);
            json.WriteString("frame", frame.Name());
            json.WriteStartArray("bars");
            foreach (var bar in bars.Take(limit))
            {
                json.WriteStartObject();
                BarJson.Write(json, bar, settings);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (bars.Count > limit) json.WriteTime("next", bars.Last().Bar.Opened);
            if (leftOut is { } newest) json.WriteTime("previous", Before(bars.Min(bar => bar.Bar.Opened), newest));
        });
    }

    /// <summary>
    /// The moment before which a page of older bars ends. Bars of ticks may share their time with one on this page, or
    /// come late: the pages then overlap.
    /// </summary>
    private static Timestamp Before(Timestamp oldest, Timestamp newestLeftOut) =>
        newestLeftOut < oldest ? oldest : new Timestamp(newestLeftOut.Nanoseconds + 1);

    private static Task PlanAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var settings = node.Plan.For(symbol);
        return Answer.JsonAsync(context, json => SettingsJson.Write(json, symbol, settings));
    }

    private static async Task TicksAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var from = QueryReader.Time(context, "from");
        var to = QueryReader.Time(context, "to") ?? End;
        var limit = (int)QueryReader.Number(context, "limit", 1_000, 1, MaxItems);
        var records = new List<Record>();
        if (from is { } first)
        {
            await node.Past.ReadAsync(symbol, (in Record record) =>
            {
                if (record.Time >= first && record.Time < to) records.Add(record);
                return records.Count < limit;
            }, context.RequestAborted);
        }
        else
        {
            records.AddRange(await node.Past.NewestAsync(symbol, Beginning, to, limit, context.RequestAborted));
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
        var summary = await DaySummary.OfAsync(node.Engine, node.Past, symbol, QueryReader.Time(context, "date"), context.RequestAborted) ?? throw Unknown(symbol);
        await Answer.JsonAsync(context, summary.Write);
    }

    private static RequestFault Unknown(Symbol symbol) => new(404, "unknown_symbol", $"Nothing was accepted of {symbol} (by then).");
}

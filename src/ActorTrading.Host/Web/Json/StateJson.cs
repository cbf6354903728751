using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Folding.Parts;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes the state of a symbol as members of an object. Parts without any data are omitted.</summary>
internal static class StateJson
{
    /// <summary>Writes the state.</summary>
    public static void Write(Utf8JsonWriter json, SymbolState state)
    {
        var ohlcv = state.Ohlcv;
        json.WriteString("symbol", state.Symbol.Name);
        json.WriteUnits("last_price", ohlcv.NewestPrice, state.Plan.Units.PriceDecimals);
        json.WriteTime("last_time", ohlcv.LastTime);
        json.WriteNumber("applied", state.Sources.Applied);
        json.WriteNumber("late", state.Sources.Late);
        json.WriteNumber("off_session", ohlcv.OffSession);
        json.WriteNumber("signals", ohlcv.Signals);
        WriteFrames(json, state);
        WriteSources(json, state);
        if (state.Level1 is { } quote) WriteQuote(json, quote, state.Plan.Units);
        if (state.Level2 is { } book) WriteBook(json, book, state.Plan.Units);
        if (state.News is { } news) WriteNews(json, news);
        if (state.Fundamentals is { } fundamentals) WriteFundamentals(json, fundamentals);
        if (state.Economy is { } economy) WriteEconomy(json, economy);
        json.WriteString("plan_hash", state.Plan.Settings.Hash.ToString());
        json.WriteString("state_hash", StateHash.Of(state).ToString());
    }

    private static void WriteFrames(Utf8JsonWriter json, SymbolState state)
    {
        json.WriteStartObject("frames");
        foreach (var frame in state.Plan.Shown.Select(series => series.Frame))
        {
            json.WriteStartObject(frame.Name());
            WriteBar("open_bar", frame == Frame.Tick ? null : state.Ohlcv.BarSoFar(frame));
            WriteBar("last_bar", state.Ohlcv.LastBar(frame));
            json.WriteStartObject("values");
            foreach (var column in state.Plan.Settings.Columns)
            {
                if (column.Spec.Frame is null ? state.Plan.Settings.Frames.Contains(frame) : column.Spec.Frame == frame)
                    json.WriteValue(column.Name, state.Ohlcv.Value(frame, column.Spec));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();

        void WriteBar(string name, Domain.Bars.Bar? bar)
        {
            if (bar is not { } there)
            {
                json.WriteNull(name);
                return;
            }

            json.WriteStartObject(name);
            BarJson.Write(json, there, state.Plan.Units);
            json.WriteEndObject();
        }
    }

    private static void WriteSources(Utf8JsonWriter json, SymbolState state)
    {
        json.WriteStartArray("sources");
        foreach (ref readonly var source in state.Sources.Entries)
        {
            json.WriteStartObject();
            json.WriteString("source", source.Source.Name);
            json.WriteNumber("epoch", source.Epoch);
            if (source.Seq == Identity.None) json.WriteNull("seq");
            else json.WriteNumber("seq", source.Seq);
            json.WriteNumber("applied", source.Applied);
            json.WriteNumber("late", source.Late);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteQuote(Utf8JsonWriter json, Level1 quote, Units units)
    {
        json.WriteStartObject("quote");
        json.WriteTime("time", quote.Time);
        json.WriteUnits("bid", PriceOf(quote.Bid, quote.BidSize), units.PriceDecimals);
        json.WriteUnits("bid_size", quote.BidSize, units.SizeDecimals);
        json.WriteUnits("ask", PriceOf(quote.Ask, quote.AskSize), units.PriceDecimals);
        json.WriteUnits("ask_size", quote.AskSize, units.SizeDecimals);
        json.WriteEndObject();

        // A side without price and size has no quote.
        static Int128? PriceOf(long price, long size) => price == 0 && size == 0 ? null : price;
    }

    private static void WriteBook(Utf8JsonWriter json, Level2 book, Units units)
    {
        json.WriteStartObject("book");
        WriteSide("bids", book.Bids);
        WriteSide("asks", book.Asks);
        json.WriteEndObject();

        void WriteSide(string name, IReadOnlyList<BookLevel> levels)
        {
            json.WriteStartArray(name);
            foreach (var level in levels)
            {
                json.WriteStartObject();
                json.WriteUnits("price", level.Price, units.PriceDecimals);
                json.WriteUnits("quantity", level.Quantity, units.SizeDecimals);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static void WriteNews(Utf8JsonWriter json, News news)
    {
        json.WriteStartObject("news");
        json.WriteTime("time", news.Time);
        json.WriteUnits("score", news.Score);
        json.WriteUnits("magnitude", news.Magnitude);
        json.WriteNumber("count", news.Count);
        json.WriteValue("average_score", news.AverageScore);
        json.WriteEndObject();
    }

    private static void WriteFundamentals(Utf8JsonWriter json, Fundamentals fundamentals)
    {
        json.WriteStartObject("fundamentals");
        json.WriteTime("time", fundamentals.Time);
        json.WriteValue("market_cap", fundamentals.MarketCap);
        json.WriteUnits("pe_ratio", fundamentals.PeRatio == MarketData.NoRatio ? null : (Int128)fundamentals.PeRatio);
        json.WriteEndObject();
    }

    private static void WriteEconomy(Utf8JsonWriter json, Economy economy)
    {
        json.WriteStartObject("economy");
        foreach (var (name, figure) in economy.Figures.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(name);
            json.WriteTime("time", figure.Time);
            json.WriteValue("value", figure.Value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}

using System.Text.Json;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Web.Live;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes a row of the market as an object. Its members form groups; an update omits the groups that have not changed.</summary>
internal static class MarketJson
{
    private const int Digits = 4; // of per cent

    /// <summary>Writes the parts of a row that changed after a change number; 0 writes the whole row.</summary>
    public static void Write(Utf8JsonWriter json, MarketRow row, long since)
    {
        var reading = row.Reading;
        json.WriteStartObject();
        json.WriteString("symbol", reading.Symbol.Name);
        WritePrice(json, reading, row);
        if (row.DayChanged > since) json.WriteUnits("previous_close", reading.PriceBefore, reading.Units.PriceDecimals);
        if (row.SignalsChanged > since) WriteSignal(json, row);
        if (row.ClosesChanged > since) WriteCloses(json, reading);
        json.WriteEndObject();
    }

    private static void WritePrice(Utf8JsonWriter json, MarketReading reading, MarketRow row)
    {
        var decimals = reading.Units.PriceDecimals;
        json.WriteUnits("price", reading.Price, decimals);
        json.WriteTime("time", reading.Price is null ? Timestamp.MinValue : reading.Time);
        json.WriteUnits("change", reading.Price - reading.PriceBefore, decimals);
        if (reading is { Price: { } price, PriceBefore: { } before and > 0 })
            json.WriteNumber("change_percent", Math.Round(100.0 * (price - before) / before, Digits));
        else json.WriteNull("change_percent");
        json.WriteUnits("volume", reading.Volume, reading.Units.SizeDecimals);
        if (row.Rate is { } rate) json.WriteNumber("rate", rate);
        else json.WriteNull("rate");
        json.WriteNumber("late", reading.Late);
    }

    private static void WriteSignal(Utf8JsonWriter json, MarketRow row)
    {
        json.WriteNumber("signals_today", row.SignalsToday);
        if (row.Signal is not { } logged)
        {
            json.WriteNull("signal");
            return;
        }

        json.WriteStartObject("signal");
        json.WriteNumber("position", logged.Position);
        json.WriteString("name", logged.Signal.RuleName);
        json.WriteString("action", logged.Signal.Action.Name());
        json.WriteTime("time", logged.Signal.Time);
        json.WriteEndObject();
    }

    private static void WriteCloses(Utf8JsonWriter json, MarketReading reading)
    {
        json.WriteStartArray("closes");
        foreach (var close in reading.Closes) json.WriteUnitsValue(close, reading.Units.PriceDecimals);
        json.WriteEndArray();
    }
}

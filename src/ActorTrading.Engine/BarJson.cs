using System.Text.Json;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine;

/// <summary>Writes bars as members of a JSON object.</summary>
public static class BarJson
{
    /// <summary>Writes the bar without indicator values.</summary>
    public static void Write(Utf8JsonWriter json, in Bar bar, Units units)
    {
        json.WriteTime("open_time", bar.Opened);
        json.WriteUnits("open", bar.Open, units.PriceDecimals);
        json.WriteUnits("high", bar.High, units.PriceDecimals);
        json.WriteUnits("low", bar.Low, units.PriceDecimals);
        json.WriteUnits("close", bar.Close, units.PriceDecimals);
        json.WriteUnits("volume", bar.Volume, units.SizeDecimals);
        json.WriteNumber("ticks", bar.Ticks);
    }

    /// <summary>
    /// Writes a closed bar with the values of its frame's columns. The values are left out if they belong to a plan that is no longer in
    /// force.
    /// </summary>
    public static void Write(Utf8JsonWriter json, BarClosed closed, PlanSettings plan)
    {
        Write(json, closed.Bar, closed.Units);
        json.WriteStartObject("values");
        var columns = (closed.Settings ?? plan).Columns;
        for (var i = 0; i < closed.Values.Count && closed.Values.Count == columns.Count; i++)
        {
            var column = columns[i];
            if (column.Spec.Frame is null || column.Spec.Frame == closed.Frame) json.WriteValue(column.Name, closed.Values[i]);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a closed bar with its symbol and frame: the format that subscribers receive.</summary>
    public static void WriteNamed(Utf8JsonWriter json, BarClosed closed, PlanSettings plan)
    {
        json.WriteString("symbol", closed.Symbol.Name);
        json.WriteString("frame", closed.Frame.Name());
        Write(json, closed, plan);
    }
}

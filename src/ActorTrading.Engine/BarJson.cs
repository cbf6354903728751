using System.Text.Json;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine;

/// <summary>A bar as members of an object.</summary>
public static class BarJson
{
    /// <summary>The bar itself.</summary>
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

    /// <summary>A closed bar with the values of the columns of its frame; without, where they are of a plan that is gone.</summary>
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

    /// <summary>A closed bar with its symbol and frame, as subscribers get it.</summary>
    public static void WriteNamed(Utf8JsonWriter json, BarClosed closed, PlanSettings plan)
    {
        json.WriteString("symbol", closed.Symbol.Name);
        json.WriteString("frame", closed.Frame.Name());
        Write(json, closed, plan);
    }
}

using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes the settings of a plan for a symbol as members of an object: enough to draw its chart.</summary>
internal static class SettingsJson
{
    /// <summary>Writes the settings.</summary>
    public static void Write(Utf8JsonWriter json, Symbol symbol, PlanSettings settings)
    {
        json.WriteString("symbol", symbol.Name);
        json.WriteString("plan_hash", settings.Hash.ToString());
        json.WriteString("calendar", settings.Calendar.Name);
        json.WriteString("zone", settings.Calendar.Zone);
        json.WriteString("price", settings.PriceSource.Name());
        json.WriteNumber("price_decimals", settings.Units.PriceDecimals);
        json.WriteNumber("size_decimals", settings.Units.SizeDecimals);
        json.WriteTexts("frames", settings.Frames.Select(frame => frame.Name()));
        json.WriteStartArray("indicators");
        foreach (var column in settings.Columns) Write(json, column);
        json.WriteEndArray();
        json.WriteTexts("rules", settings.Rules.Select(rule => rule.Name));
    }

    private static void Write(Utf8JsonWriter json, IndicatorColumn column)
    {
        var spec = column.Spec;
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        json.WriteString("indicator", spec.Call);
        json.WriteString("kind", spec.Kind.Name);
        json.WriteString("output", spec.Output < 0 || spec.Kind.Outputs.Length == 0 ? null : spec.Kind.Outputs[spec.Output]);
        json.WriteString("frame", spec.Frame?.Name());
        json.WriteString("unit", NameOf(spec.Kind.Unit));
        json.WriteEndObject();
    }

    private static string NameOf(ValueUnit unit) => unit switch
    {
        ValueUnit.Price => "price",
        ValueUnit.PriceDifference => "price_difference",
        ValueUnit.Percent => "percent",
        ValueUnit.Quantity => "quantity",
        _ => "none",
    };
}

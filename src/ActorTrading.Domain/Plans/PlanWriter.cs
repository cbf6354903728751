using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// Writes plans as canonical JSON: keys in a fixed order, canonical spellings, explicit defaults, symbols ordered by name with only their
/// differences from the plan.
/// </summary>
internal static class PlanWriter
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Readable = Compact with { Indented = true, NewLine = "\n" };

    /// <summary>Writes a plan. <paramref name="readable"/>: one entry per line.</summary>
    public static byte[] Write(Plan plan, bool readable = false) => Write(readable, json =>
    {
        json.WriteStartObject();
        WriteKeys(json, plan.Settings, except: null);
        if (plan.Overrides.Count > 0)
        {
            json.WriteStartObject("symbols");
            foreach (var (symbol, settings) in plan.Overrides.OrderBy(pair => pair.Key))
            {
                json.WriteStartObject(symbol.Name);
                WriteKeys(json, settings, except: plan.Settings);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    /// <summary>Writes the settings of one symbol.</summary>
    public static byte[] Write(PlanSettings settings) => Write(readable: false, json =>
    {
        json.WriteStartObject();
        WriteKeys(json, settings, except: null);
        json.WriteEndObject();
    });

    /// <summary>Writes each key whose value differs from <paramref name="except"/>.</summary>
    private static void WriteKeys(Utf8JsonWriter json, PlanSettings settings, PlanSettings? except)
    {
        if (settings.Calendar.Json != except?.Calendar.Json)
        {
            json.WritePropertyName("calendar");
            json.WriteRawValue(settings.Calendar.Json);
        }

        if (except is null || !settings.Frames.SequenceEqual(except.Frames))
        {
            json.WriteStartArray("frames");
            foreach (var frame in settings.Frames) json.WriteStringValue(frame.Name());
            json.WriteEndArray();
        }

        if (except is null || !settings.Indicators.SequenceEqual(except.Indicators))
        {
            json.WriteStartArray("indicators");
            foreach (var indicator in settings.Indicators) json.WriteStringValue(indicator.ToString());
            json.WriteEndArray();
        }

        if (except is null || !settings.Rules.SequenceEqual(except.Rules))
        {
            json.WriteStartArray("rules");
            foreach (var rule in settings.Rules) WriteRule(json, rule);
            json.WriteEndArray();
        }

        if (settings.PriceSource != except?.PriceSource) json.WriteString("price", settings.PriceSource.Name());
        if (except is null || settings.Limits with { AnyPrices = except.Limits.AnyPrices } != except.Limits)
            WriteLimits(json, settings.Limits);
        WriteNumbers(json, settings, except);
    }

    /// <summary>
    /// Keys that older plans did not have are left out while they have the old behaviour, so that the hashes of older plans do not change.
    /// </summary>
    private static void WriteNumbers(Utf8JsonWriter json, PlanSettings settings, PlanSettings? except)
    {
        var before = except?.Units ?? default;
        if (settings.Units.PriceDecimals != before.PriceDecimals) json.WriteNumber("price_decimals", settings.Units.PriceDecimals);
        if (settings.Units.SizeDecimals != before.SizeDecimals) json.WriteNumber("size_decimals", settings.Units.SizeDecimals);
        if (settings.Limits.AnyPrices != (except?.Limits.AnyPrices ?? false))
            json.WriteString("prices", settings.Limits.AnyPrices ? PlanReader.AnyPrices : PlanReader.PositivePrices);
    }

    private static void WriteRule(Utf8JsonWriter json, NamedRule rule)
    {
        var text = rule.Rule.ToString();
        if (rule.Name == text)
        {
            json.WriteStringValue(text);
            return;
        }

        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteString("rule", text);
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, Limits limits)
    {
        json.WriteStartObject("limits");
        json.WriteString("from", limits.From.ToString());
        json.WriteString("to", limits.To.ToString());
        json.WriteString("crossed_quotes", limits.CrossedQuotes ? "accept" : "reject");
        json.WriteStartObject("spike");
        json.WritePropertyName("percent");
        json.WriteRawValue(((decimal)limits.SpikeBand * 100).ToString("0.########", CultureInfo.InvariantCulture));
        json.WriteString("within", Durations.Spell(limits.SpikeWithin));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static byte[] Write(bool readable, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, readable ? Readable : Compact)) write(json);
        return buffer.WrittenSpan.ToArray();
    }
}

using System.Globalization;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>Reads the key <c>limits</c> of a plan.</summary>
internal sealed class LimitsReader(PlanJson json)
{
    private const decimal MaxPercent = 1_000_000;

    private static readonly string[] TimeFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <summary>Reads the limits; null if they are no object.</summary>
    public Limits? Read(JsonElement element, string path)
    {
        if (!json.IsObject(element, path, """an object such as {"from": "2000-01-01", "spike": {"percent": 20, "within": "5min"}}"""))
            return null;
        var limits = Limits.Default;
        foreach (var (key, value, keyPath) in json.Keys(element, path, ["from", "to", "crossed_quotes", "spike"]))
        {
            limits = key switch
            {
                "from" => limits with { From = ReadTime(value, keyPath) ?? limits.From },
                "to" => limits with { To = ReadTime(value, keyPath) ?? limits.To },
                "crossed_quotes" => limits with
                {
                    CrossedQuotes = json.OneOf(value, keyPath, "answer", ["reject", "accept"], answer => answer) == "accept",
                },
                _ => ReadSpike(limits, value, keyPath),
            };
        }

        if (limits.From >= limits.To) json.Fail(path, $"'from' must be before 'to'; they are {limits.From} and {limits.To}");
        return limits;
    }

    private Limits ReadSpike(Limits limits, JsonElement element, string path)
    {
        if (!json.IsObject(element, path, """an object such as {"percent": 20, "within": "5min"}""")) return limits;
        foreach (var (key, value, keyPath) in json.Keys(element, path, ["percent", "within"]))
        {
            if (key == "percent")
            {
                if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var percent) && percent is >= 0 and <= MaxPercent)
                {
                    limits = limits with { SpikeBand = (double)(decimal.Round(percent, 8) / 100) };
                }
                else
                {
                    json.Fail(
                        keyPath, $"a percentage is a number from 0 (no band) to {MaxPercent}, such as 20; found {PlanJson.Found(value)}");
                }
            }
            else if (json.Text(value, keyPath, $"a duration: {Durations.Expected}") is { } text)
            {
                if (Durations.TryParse(text.ToLowerInvariant(), out var within)) limits = limits with { SpikeWithin = within };
                else json.Fail(keyPath, $"'{text}' is not a duration; expected {Durations.Expected}");
            }
        }

        return limits;
    }

    private Timestamp? ReadTime(JsonElement element, string path)
    {
        const string Expected = "a UTC date or time such as 2020-01-31 or 2020-01-31T14:30:00Z";
        if (json.Text(element, path, Expected) is not { } text) return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTime.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, Utc, out var time) && time.Year is >= 1678 and <= 2261)
        {
            return Timestamp.FromDateTime(time);
        }

        json.Fail(path, $"'{text}' is not {Expected}, from 1678 to 2261");
        return null;
    }
}

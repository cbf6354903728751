using System.Text.Json;
using ActorTrading.Client.Http;

namespace ActorTrading.Client.Records;

/// <summary>A closed bar.</summary>
public sealed record Bar
{
    /// <summary>The symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>The frame, such as <c>1min</c>.</summary>
    public required string Frame { get; init; }

    /// <summary>Start of the bar.</summary>
    public required NanoTime OpenTime { get; init; }

    /// <summary>The first price.</summary>
    public required decimal Open { get; init; }

    /// <summary>The highest price.</summary>
    public required decimal High { get; init; }

    /// <summary>The lowest price.</summary>
    public required decimal Low { get; init; }

    /// <summary>The last price.</summary>
    public required decimal Close { get; init; }

    /// <summary>The traded volume.</summary>
    public required decimal Volume { get; init; }

    /// <summary>Number of records that built the bar.</summary>
    public required long Ticks { get; init; }

    /// <summary>The indicators of the plan at the bar's close, by name; null during the warm-up.</summary>
    public IReadOnlyDictionary<string, double?> Values { get; init; } = new Dictionary<string, double?>();

    internal static Bar Of(JsonElement json, string? symbol = null, string? frame = null) => new()
    {
        Symbol = symbol ?? json.GetProperty("symbol").GetString()!,
        Frame = frame ?? json.GetProperty("frame").GetString()!,
        OpenTime = NanoTime.Parse(json.GetProperty("open_time").GetString()!),
        Open = json.GetProperty("open").GetDecimal(),
        High = json.GetProperty("high").GetDecimal(),
        Low = json.GetProperty("low").GetDecimal(),
        Close = json.GetProperty("close").GetDecimal(),
        Volume = json.GetProperty("volume").GetDecimal(),
        Ticks = json.GetProperty("ticks").GetInt64(),
        Values = Answers.Values(json),
    };
}

using System.Text.Json;
using ActorTrading.Client.Http;

namespace ActorTrading.Client.Records;

/// <summary>What a signal says to do.</summary>
public enum SignalAction
{
    /// <summary>Buy.</summary>
    Buy,

    /// <summary>Sell.</summary>
    Sell,

    /// <summary>Look: the rule says neither to buy nor to sell.</summary>
    Alert,

    /// <summary>Another signal is taken back: the one at the position <see cref="Signal.Withdraws"/>.</summary>
    Withdrawn,
}

/// <summary>A signal of the node's log.</summary>
public sealed record Signal
{
    /// <summary>Its place in the log: what to come back with. Keep it together with what was done about the signal.</summary>
    public required long Position { get; init; }

    /// <summary>What it is called, always the same for the same signal.</summary>
    public required string Id { get; init; }

    /// <summary>Whom it is about.</summary>
    public required string Symbol { get; init; }

    /// <summary>What to do.</summary>
    public required SignalAction Action { get; init; }

    /// <summary>The position of the signal that this one takes back; null for another action.</summary>
    public long? Withdraws { get; init; }

    /// <summary>The name of the rule.</summary>
    public required string Name { get; init; }

    /// <summary>The rule in words.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The frame of the bar that it fired in.</summary>
    public string Frame { get; init; } = "";

    /// <summary>The price at that moment.</summary>
    public decimal? Price { get; init; }

    /// <summary>When, by the exchange's clock.</summary>
    public required NanoTime Time { get; init; }

    /// <summary>The values that the rule saw, by name; null for one that was absent.</summary>
    public IReadOnlyDictionary<string, double?> Values { get; init; } = new Dictionary<string, double?>();

    /// <summary>The whole of it, as the node said it.</summary>
    public required string Json { get; init; }

    /// <summary>Reads a signal as a node says it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Signal Parse(string json) => Answers.Read(json, Of);

    internal static Signal Of(JsonElement json) => new()
    {
        Position = json.GetProperty("position").GetInt64(),
        Id = json.GetProperty("id").GetString()!,
        Symbol = json.GetProperty("symbol").GetString()!,
        Action = json.GetProperty("action").GetString() switch
        {
            "buy" => SignalAction.Buy,
            "sell" => SignalAction.Sell,
            "alert" => SignalAction.Alert,
            "withdrawn" => SignalAction.Withdrawn,
            var other => throw new FormatException($"'{other}' is no action that is known"),
        },
        Withdraws = json.TryGetProperty("withdraws", out var withdraws) ? withdraws.GetInt64() : null,
        Name = json.GetProperty("name").GetString()!,
        Rule = json.TryGetProperty("rule", out var rule) ? rule.GetString() ?? "" : "",
        Frame = json.TryGetProperty("frame", out var frame) ? frame.GetString() ?? "" : "",
        Price = json.TryGetProperty("price", out var price) && price.ValueKind == JsonValueKind.Number ? price.GetDecimal() : null,
        Time = NanoTime.Parse(json.GetProperty("time").GetString()!),
        Values = Answers.Values(json),
        Json = json.GetRawText(),
    };
}

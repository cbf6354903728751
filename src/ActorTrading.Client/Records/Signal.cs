using System.Text.Json;
using ActorTrading.Client.Http;

namespace ActorTrading.Client.Records;

/// <summary>The action of a signal.</summary>
public enum SignalAction
{
    /// <summary>Buy.</summary>
    Buy,

    /// <summary>Sell.</summary>
    Sell,

    /// <summary>Attention is needed; neither buy nor sell.</summary>
    Alert,

    /// <summary>Another signal is withdrawn: the one at the position <see cref="Signal.Withdraws"/>.</summary>
    Withdrawn,
}

/// <summary>A signal of the node's log.</summary>
public sealed record Signal
{
    /// <summary>The position in the log, from which to resume. Store it together with the result of processing the signal.</summary>
    public required long Position { get; init; }

    /// <summary>The id; the same signal always has the same id.</summary>
    public required string Id { get; init; }

    /// <summary>The symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>The action.</summary>
    public required SignalAction Action { get; init; }

    /// <summary>The position of the signal that this one withdraws; null for another action.</summary>
    public long? Withdraws { get; init; }

    /// <summary>The name of the rule.</summary>
    public required string Name { get; init; }

    /// <summary>The text of the rule.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The frame of the bar in which it fired.</summary>
    public string Frame { get; init; } = "";

    /// <summary>The price at that moment.</summary>
    public decimal? Price { get; init; }

    /// <summary>Exchange time.</summary>
    public required NanoTime Time { get; init; }

    /// <summary>The values that the rule read, by name; null for an absent value.</summary>
    public IReadOnlyDictionary<string, double?> Values { get; init; } = new Dictionary<string, double?>();

    /// <summary>The complete JSON received from the node.</summary>
    public required string Json { get; init; }

    /// <summary>Parses a signal in the node's JSON.</summary>
    /// <exception cref="FormatException">The text is not a signal.</exception>
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
            var other => throw new FormatException($"'{other}' is not a known action"),
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

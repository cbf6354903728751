using System.Diagnostics.CodeAnalysis;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Topics of distributed pub-sub. Messages there may be lost. Their data is in the journal; rejections are in the quarantine.
/// </summary>
public static class Topics
{
    /// <summary>Every durable signal: <see cref="Messages.SignalsPublished"/>.</summary>
    public const string Signals = "signals";

    /// <summary>Rejections at the listeners of all nodes: <see cref="Messages.RejectPublished"/>.</summary>
    public const string Rejects = "rejects";

    /// <summary>Moving volatility at each closed bar: <see cref="Messages.VolatilityPublished"/>.</summary>
    public const string Volatility = "volatility";

    /// <summary>Durable changes of the list of subscribed symbols.</summary>
    public const string Subscriptions = "subscriptions";

    /// <summary>Durable changes of the plan.</summary>
    public const string Plan = "plan";

    /// <summary>Damage of the signal log, for the gateways of all nodes.</summary>
    internal const string SignalLog = "signal-log";

    /// <summary>Live filters of the nodes, for the relays of the other nodes.</summary>
    internal const string Live = "live";

    /// <summary>Symbols and shards of the nodes, for <see cref="Shards.ShardWatch"/>.</summary>
    internal const string Shards = "shards";

    private const string Bars = "bars.";

    /// <summary>Signals of a symbol: <see cref="Messages.SignalsPublished"/>.</summary>
    public static string SignalsOf(Symbol symbol) => $"{Signals}.{symbol.Name}";

    /// <summary>Closed bars of a symbol on a frame: <see cref="Messages.BarPublished"/>. Example: <c>bars.1min.BTC/USD</c>.</summary>
    public static string BarsOf(Frame frame, Symbol symbol) => $"{Bars}{frame.Name()}.{symbol.Name}";

    /// <summary>Parses the topic of a symbol's bars; false for other topics.</summary>
    internal static bool TryReadBars(string topic, out Frame frame, [NotNullWhen(true)] out Symbol? symbol)
    {
        (frame, symbol) = (default, null);
        if (!topic.StartsWith(Bars, StringComparison.Ordinal)) return false;
        var rest = topic.AsSpan(Bars.Length);
        var dot = rest.IndexOf('.'); // symbols may contain dots, frames do not
        return dot > 0 && Frames.TryParse(rest[..dot], out frame) && Symbol.TryParse(rest[(dot + 1)..], out symbol);
    }
}

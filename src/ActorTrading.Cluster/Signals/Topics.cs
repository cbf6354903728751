using System.Diagnostics.CodeAnalysis;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// What is told to whoever subscribed to it on distributed pub-sub. Messages there may be lost; the journal has them all.
/// </summary>
public static class Topics
{
    /// <summary>Every signal, when it is durable: <see cref="Messages.SignalsPublished"/>.</summary>
    public const string Signals = "signals";

    /// <summary>What nodes refuse at their doors: <see cref="Messages.RejectPublished"/>.</summary>
    public const string Rejects = "rejects";

    /// <summary>The moving volatility at each bar that closes: <see cref="Messages.VolatilityPublished"/>.</summary>
    public const string Volatility = "volatility";

    /// <summary>A change of the list of subscribed symbols, when it is durable.</summary>
    public const string Subscriptions = "subscriptions";

    /// <summary>A change of the plan, when it is durable.</summary>
    public const string Plan = "plan";

    /// <summary>What is wrong with the signal log, for all nodes' gateways.</summary>
    internal const string SignalLog = "signal-log";

    /// <summary>What is wanted live at a node, for the others' relays.</summary>
    internal const string Live = "live";

    /// <summary>What a node hosts, for the others' <see cref="Shards.ShardWatch"/>.</summary>
    internal const string Shards = "shards";

    private const string Bars = "bars.";

    /// <summary>The signals of a symbol: <see cref="Messages.SignalsPublished"/>.</summary>
    public static string SignalsOf(Symbol symbol) => $"{Signals}.{symbol.Name}";

    /// <summary>The bars of a symbol that close on a frame: <see cref="Messages.BarPublished"/>. <c>bars.1min.BTC/USD</c>.</summary>
    public static string BarsOf(Frame frame, Symbol symbol) => $"{Bars}{frame.Name()}.{symbol.Name}";

    /// <summary>Whose bars a topic has; false if it is another topic.</summary>
    internal static bool TryReadBars(string topic, out Frame frame, [NotNullWhen(true)] out Symbol? symbol)
    {
        (frame, symbol) = (default, null);
        if (!topic.StartsWith(Bars, StringComparison.Ordinal)) return false;
        var rest = topic.AsSpan(Bars.Length);
        var dot = rest.IndexOf('.'); // which symbols may have, and frames have not
        return dot > 0 && Frames.TryParse(rest[..dot], out frame) && Symbol.TryParse(rest[(dot + 1)..], out symbol);
    }
}

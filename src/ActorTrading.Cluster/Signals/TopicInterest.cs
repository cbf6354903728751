using System.Collections.Frozen;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Signals;

/// <summary>Optional topics that have subscribers anywhere in the cluster.</summary>
internal sealed record TopicInterest(FrozenSet<(Frame Frame, Symbol Symbol)> Bars, bool Volatility, bool Rejects)
{
    public static readonly TopicInterest None = new(FrozenSet<(Frame, Symbol)>.Empty, false, false);

    /// <summary>Filter of the live events that this node must read for these topics; null: none.</summary>
    public LiveFilter? Filter =>
        Volatility ? new LiveFilter { TickBars = Bars.Any(bar => bar.Frame == Frame.Tick) }
        : Bars.Count > 0 ? new LiveFilter(Bars.Select(bar => bar.Symbol).ToHashSet(), Bars.Select(bar => bar.Frame).ToHashSet())
        : null;

    /// <summary>Parses topic names as the pub-sub mediator reports them: URI-escaped, once or twice.</summary>
    public static TopicInterest Of(IEnumerable<string> topics)
    {
        var bars = new HashSet<(Frame, Symbol)>();
        var (volatility, rejects) = (false, false);
        foreach (var told in topics)
        {
            var topic = told;
            while (Uri.UnescapeDataString(topic) is var plain && plain != topic) topic = plain;
            volatility |= topic == Topics.Volatility;
            rejects |= topic == Topics.Rejects;
            if (Topics.TryReadBars(topic, out var frame, out var symbol)) bars.Add((frame, symbol));
        }

        return new TopicInterest(bars.ToFrozenSet(), volatility, rejects);
    }

    public bool IsSame(TopicInterest other) => (Volatility, Rejects) == (other.Volatility, other.Rejects) && Bars.SetEquals(other.Bars);
}

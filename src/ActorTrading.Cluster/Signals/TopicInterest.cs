using System.Collections.Frozen;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using Akka.Cluster.Tools.PublishSubscribe;

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

    /// <summary>What is published of a bar on these topics. Nothing, if the columns are not those of the bar's plan.</summary>
    public IEnumerable<Publish> MessagesOf(BarClosed bar, IReadOnlyList<IndicatorColumn> columns)
    {
        if (columns.Count != bar.Values.Count) yield break; // of an earlier plan
        if (Bars.Contains((bar.Frame, bar.Symbol)))
        {
            yield return new Publish(
                Topics.BarsOf(bar.Frame, bar.Symbol), new BarPublished(bar, [.. columns.Select(column => column.Name)]));
        }

        if (!Volatility || bar.Frame == Frame.Tick) yield break; // of ticks each is a bar
        var told = new HashSet<string>(); // columns 'volatility(20)' and 'volatility(20)@1min' have one value
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Spec.Kind.Name != Topics.Volatility || double.IsNaN(bar.Values[i])
                || !told.Add(columns[i].Spec.ValueName)) continue;
            yield return new Publish(
                Topics.Volatility,
                new VolatilityPublished(bar.Symbol, bar.Frame, bar.Bar.Opened, columns[i].Spec.ValueName, bar.Values[i]));
        }
    }
}

using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>Which bars are wanted; null for those of all symbols, of all frames of the plan.</summary>
public sealed record BarFilter(IReadOnlySet<Symbol>? Symbols = null, IReadOnlySet<Frame>? Frames = null)
{
    /// <summary>Whether the frame <c>tick</c> is among the frames where <see cref="Frames"/> is null.</summary>
    public bool TickBars { get; init; } = true;

    internal bool Wants(Frame frame) => Frames?.Contains(frame) ?? (TickBars || frame != Frame.Tick);
}

/// <summary>
/// A bar and the event of the journal that closed it. <paramref name="Position"/>: that of <see cref="JournaledRecords"/>.
/// <paramref name="Event"/>: its number among the events of the symbol. <paramref name="Number"/>: the bar's among all
/// bars that the event closed, wanted or not, from 1. Without a bar (and with the numbers 0) it says that the journal
/// was read up to the position.
/// </summary>
public sealed record JournaledBar(long Position, long Event, int Number, BarClosed? Bar);

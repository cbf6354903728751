using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>Filter of bars. Null means all symbols, or all frames of the plan.</summary>
public sealed record BarFilter(IReadOnlySet<Symbol>? Symbols = null, IReadOnlySet<Frame>? Frames = null)
{
    /// <summary>Whether the frame <c>tick</c> is included if <see cref="Frames"/> is null.</summary>
    public bool TickBars { get; init; } = true;

    internal bool Wants(Frame frame) => Frames?.Contains(frame) ?? (TickBars || frame != Frame.Tick);
}

/// <summary>
/// A bar and the journal event that closed it. <paramref name="Position"/>: the position of <see cref="JournaledRecords"/>.
/// <paramref name="Event"/>: number of the event within the symbol. <paramref name="Number"/>: number of the bar, from 1, among all bars
/// that the event closed, including filtered ones. An item without a bar (its numbers are 0) reports that the journal was read up to the
/// position.
/// </summary>
public sealed record JournaledBar(long Position, long Event, int Number, BarClosed? Bar);

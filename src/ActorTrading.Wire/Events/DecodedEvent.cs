using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Events;

/// <summary>
/// An event read back, without an object of its own: either records, which are in the decoder's buffer and stand only
/// until it reads the next payload, or none and the moment that the clock has come to.
/// </summary>
public readonly ref struct DecodedEvent
{
    internal DecodedEvent(Symbol symbol, ReadOnlySpan<Record> records)
    {
        Symbol = symbol;
        Records = records;
    }

    internal DecodedEvent(Symbol symbol, Timestamp clock)
    {
        Symbol = symbol;
        Clock = clock;
    }

    /// <summary>Whom it happened to.</summary>
    public Symbol Symbol { get; }

    /// <summary>The records accepted, in their order; empty when the clock advanced.</summary>
    public ReadOnlySpan<Record> Records { get; }

    /// <summary>What the clock has come to; without meaning when there are records.</summary>
    public Timestamp Clock { get; }

    /// <summary>Whether this is <see cref="ClockAdvanced"/>; otherwise it is <see cref="RecordsAccepted"/>.</summary>
    public bool IsClockAdvanced => Records.IsEmpty;

    /// <summary>The same as an object that stands by itself.</summary>
    public SymbolEvent ToEvent() =>
        IsClockAdvanced ? new ClockAdvanced(Symbol, Clock) : new RecordsAccepted(Symbol, Records.ToArray());
}

using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Events;

/// <summary>
/// An event read back, without an object of its own: either records, which are in the decoder's buffer and stand only
/// until it reads the next payload, or none and the moment that the clock has come to, or that the symbol was deleted.
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

    internal DecodedEvent(SymbolDeleted deleted)
    {
        Symbol = deleted.Symbol;
        Deleted = deleted;
    }

    /// <summary>Whom it happened to.</summary>
    public Symbol Symbol { get; }

    /// <summary>The records accepted, in their order; empty when the clock advanced or the symbol was deleted.</summary>
    public ReadOnlySpan<Record> Records { get; }

    /// <summary>What the clock has come to; without meaning for other events.</summary>
    public Timestamp Clock { get; }

    /// <summary>The deletion of the symbol; null where this is another event.</summary>
    public SymbolDeleted? Deleted { get; }

    /// <summary>Whether this is <see cref="ClockAdvanced"/>.</summary>
    public bool IsClockAdvanced => Records.IsEmpty && Deleted is null;

    /// <summary>The same as an object that stands by itself.</summary>
    public SymbolEvent ToEvent() =>
        Deleted is not null ? Deleted : IsClockAdvanced ? new ClockAdvanced(Symbol, Clock) : new RecordsAccepted(Symbol, Records.ToArray());
}

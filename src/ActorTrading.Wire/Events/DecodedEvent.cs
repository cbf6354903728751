using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Events;

/// <summary>
/// A decoded event without an object of its own. Either records, which are in the decoder's buffer and valid until it reads the next
/// payload; or no records and the new time of the clock; or no records and the deletion of the symbol.
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

    /// <summary>The symbol.</summary>
    public Symbol Symbol { get; }

    /// <summary>The records accepted, in their order; empty when the clock advanced or the symbol was deleted.</summary>
    public ReadOnlySpan<Record> Records { get; }

    /// <summary>The new exchange time; meaningless for other events.</summary>
    public Timestamp Clock { get; }

    /// <summary>The deletion of the symbol; null for other events.</summary>
    public SymbolDeleted? Deleted { get; }

    /// <summary>Whether this is <see cref="ClockAdvanced"/>.</summary>
    public bool IsClockAdvanced => Records.IsEmpty && Deleted is null;

    /// <summary>Converts to an independent event object.</summary>
    public SymbolEvent ToEvent() =>
        Deleted is not null ? Deleted : IsClockAdvanced ? new ClockAdvanced(Symbol, Clock) : new RecordsAccepted(Symbol, Records.ToArray());
}

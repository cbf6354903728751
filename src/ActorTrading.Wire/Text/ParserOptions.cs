using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>What a text leaves open and its reader must know.</summary>
public sealed record ParserOptions
{
    /// <summary>The source of records that name none.</summary>
    public Source DefaultSource { get; init; } = Source.Anonymous;

    /// <summary>The epoch of records that name none.</summary>
    public long DefaultEpoch { get; init; }

    /// <summary>The symbol of records that name none; null where they must name one.</summary>
    public Symbol? DefaultSymbol { get; init; }

    /// <summary>The zone of stamps that name none.</summary>
    public InputZone Zone { get; init; } = InputZone.Utc;

    /// <summary>Which end of a bar the stamps of bars name.</summary>
    public BarStamp Stamped { get; init; } = BarStamp.Start;

    /// <summary>The frame of bars that name none.</summary>
    public Frame BarFrame { get; init; } = Frame.OneMinute;

    /// <summary>The symbols known; share one table to get the same instances from several parsers.</summary>
    public SymbolTable Symbols { get; init; } = new();

    /// <summary>The sources known.</summary>
    public SourceTable Sources { get; init; } = new();
}

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

    /// <summary>What numeric times count; null where the input is to tell.</summary>
    public TimeUnit? TimeUnit { get; init; }

    /// <summary>How times are spelled; null for every spelling of docs/formats.md.</summary>
    public TimePattern? TimeFormat { get; init; }

    /// <summary>Whether dates such as 01/05/2024 begin with the day or the month.</summary>
    public DateOrder DateOrder { get; init; }

    /// <summary>
    /// What the columns of a table are, in their order, separated by commas; null where its header or its values are to tell.
    /// </summary>
    public string? Columns { get; init; }

    /// <summary>Whether the decimal sign of a table's numbers is a comma; null where the table is to tell.</summary>
    public bool? IsDecimalComma { get; init; }

    /// <summary>Which end of a bar the stamps of bars name.</summary>
    public BarStamp Stamped { get; init; } = BarStamp.Start;

    /// <summary>
    /// The frame of bars that name none and are stamped at a whole minute; those stamped within one are of no frame unless
    /// <see cref="IsBarFrameGiven"/>.
    /// </summary>
    public Frame BarFrame { get; init; } = Frame.OneMinute;

    /// <summary>
    /// Whether the user said so, or the input as a whole told it: then all bars that name none are of <see cref="BarFrame"/>.
    /// </summary>
    public bool IsBarFrameGiven { get; init; }

    /// <summary>
    /// The frame of bars that name none and are parts of a bar; another one only for who wants to tell them from those that name it.
    /// </summary>
    internal Frame FrameOfParts { get; init; } = Frame.Tick;

    /// <summary>The symbols known; share one table to get the same instances from several parsers.</summary>
    public SymbolTable Symbols { get; init; } = new();

    /// <summary>The sources known.</summary>
    public SourceTable Sources { get; init; } = new();

    /// <summary>Whether the unit of times was found in the input and not given: what it makes no sense of is then refused.</summary>
    internal bool IsUnitFound { get; init; }

    /// <summary>Gathers what times could mean, instead of reading them.</summary>
    internal StampEvidence? Evidence { get; init; }

    /// <summary>Told of each time that is read: how much of a moment it spells.</summary>
    internal Action<StampForm>? OnStamp { get; init; }

    /// <summary>How many nanoseconds before midnight UTC of their date the times of bars of a day or longer are that are moments.</summary>
    internal long DateAhead { get; init; }
}

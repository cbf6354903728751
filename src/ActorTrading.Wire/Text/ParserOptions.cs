using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>Parser options: defaults for information that the text does not contain.</summary>
public sealed record ParserOptions
{
    /// <summary>The default source of records.</summary>
    public Source DefaultSource { get; init; } = Source.Anonymous;

    /// <summary>The default epoch of records.</summary>
    public long DefaultEpoch { get; init; }

    /// <summary>The default symbol of records; null if they must have a symbol.</summary>
    public Symbol? DefaultSymbol { get; init; }

    /// <summary>The zone of times without a zone.</summary>
    public InputZone Zone { get; init; } = InputZone.Utc;

    /// <summary>The unit of numeric times; null to detect it from the input.</summary>
    public TimeUnit? TimeUnit { get; init; }

    /// <summary>The format of times; null for all formats of docs/formats.md.</summary>
    public TimePattern? TimeFormat { get; init; }

    /// <summary>Whether the day or the month is first in dates such as 01/05/2024.</summary>
    public DateOrder DateOrder { get; init; }

    /// <summary>
    /// The fields of a table's columns, in order, separated by commas; null to detect them from the header or the values.
    /// </summary>
    public string? Columns { get; init; }

    /// <summary>Whether the decimal sign of a table's numbers is a comma; null to detect it from the table.</summary>
    public bool? IsDecimalComma { get; init; }

    /// <summary>Which end of a bar the times of bars are.</summary>
    public BarStamp Stamped { get; init; } = BarStamp.Start;

    /// <summary>
    /// The default frame of bars stamped at a whole minute. Bars stamped within a minute have no frame, unless
    /// <see cref="IsBarFrameGiven"/> is true.
    /// </summary>
    public Frame BarFrame { get; init; } = Frame.OneMinute;

    /// <summary>
    /// Whether the frame was set by the user or detected from the whole input: then all bars without a frame are of <see cref="BarFrame"/>.
    /// </summary>
    public bool IsBarFrameGiven { get; init; }

    /// <summary>
    /// The frame of bars without one that are parts of a bar. Change it only to distinguish these bars from bars with that frame.
    /// </summary>
    internal Frame FrameOfParts { get; init; } = Frame.Tick;

    /// <summary>The table of known symbols; share one table to get the same instances from several parsers.</summary>
    public SymbolTable Symbols { get; init; } = new();

    /// <summary>The table of known sources.</summary>
    public SourceTable Sources { get; init; } = new();

    /// <summary>Whether the unit of times was detected, not set: times that are not valid in it are then rejected.</summary>
    internal bool IsUnitFound { get; init; }

    /// <summary>Collects the possible meanings of times instead of reading them; null for normal reading.</summary>
    internal StampEvidence? Evidence { get; init; }

    /// <summary>Called for each time that is read, with its form.</summary>
    internal Action<StampForm>? OnStamp { get; init; }

    /// <summary>
    /// For bars of a day or longer with a time of day: how many nanoseconds that time is before midnight UTC of their date.
    /// </summary>
    internal long DateAhead { get; init; }
}

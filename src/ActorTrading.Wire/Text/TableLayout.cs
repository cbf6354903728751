using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// The layout of a table: the field of each column, the separator, the number style, the number of lines before the first row, and the kind
/// of record in a row. Unknown columns are ignored.
/// </summary>
public sealed class TableLayout
{
    private readonly Field[] columns;

    internal TableLayout(byte separator, Field[] columns, RecordKind? kind)
    {
        Separator = separator;
        this.columns = columns;
        Kind = kind;
    }

    /// <summary>The separator of columns.</summary>
    public byte Separator { get; }

    /// <summary>The kind of every row; null if a column determines it per row.</summary>
    public RecordKind? Kind { get; }

    /// <summary>Number of columns.</summary>
    public int Count => columns.Length;

    /// <summary>Number of lines before the first row.</summary>
    public int LinesBefore { get; init; }

    /// <summary>The line end: <c>\n</c>, or <c>\r</c> if there is no <c>\n</c>.</summary>
    public byte LineEnd { get; init; } = (byte)'\n';

    /// <summary>The symbol in a header of several lines; null if there is none.</summary>
    public Symbol? Symbol { get; init; }

    /// <summary>Whether the day or the month is first in dates, if the columns identify the vendor.</summary>
    internal DateOrder DateOrder { get; init; }

    /// <summary>The names of the columns that are read, with their fields.</summary>
    public IReadOnlyList<(string Column, string Field)> Used { get; init; } = [];

    /// <summary>The names of the columns that are not read.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Notes for the user about the detection.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The header, if it is one line; rows that repeat it are ignored.</summary>
    internal ReadOnlyMemory<byte> HeaderLine { get; init; }

    /// <summary>The number style.</summary>
    internal NumberStyle Numbers { get; init; } = NumberStyle.Plain;

    /// <summary>Whether times of day in a separate column include seconds even if leading zeros are missing.</summary>
    internal bool ClockHasSeconds { get; init; }

    /// <summary>The fields of the columns, in order.</summary>
    internal ReadOnlySpan<Field> Columns => columns;
}

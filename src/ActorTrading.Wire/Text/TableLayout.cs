using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// How a table is to be read: which column tells what, what stands between columns, how numbers are dressed, how many lines stand
/// before the first row, and what kind of record a row is. Columns that tell nothing known are ignored.
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

    /// <summary>What stands between columns.</summary>
    public byte Separator { get; }

    /// <summary>What every row is; null where a column tells it row by row.</summary>
    public RecordKind? Kind { get; }

    /// <summary>How many columns there are.</summary>
    public int Count => columns.Length;

    /// <summary>How many lines stand before the first row.</summary>
    public int LinesBefore { get; init; }

    /// <summary>What ends a line: <c>\n</c>, or <c>\r</c> where there is no other.</summary>
    public byte LineEnd { get; init; } = (byte)'\n';

    /// <summary>The symbol that a header of several lines names; null where none does.</summary>
    public Symbol? Symbol { get; init; }

    /// <summary>What dates begin with, as far as the vendor is known by its columns.</summary>
    internal DateOrder DateOrder { get; init; }

    /// <summary>The names of the columns that are read, and what they tell.</summary>
    public IReadOnlyList<(string Column, string Field)> Used { get; init; } = [];

    /// <summary>The names of the columns that are not read.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>What a user should know of how the table was understood.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The header, where it is one line; rows that repeat it say nothing.</summary>
    internal ReadOnlyMemory<byte> HeaderLine { get; init; }

    /// <summary>How numbers are dressed.</summary>
    internal NumberStyle Numbers { get; init; } = NumberStyle.Plain;

    /// <summary>Whether times of day in a column of their own have seconds even where leading zeros are lost.</summary>
    internal bool ClockHasSeconds { get; init; }

    /// <summary>What the columns tell, in their order.</summary>
    internal ReadOnlySpan<Field> Columns => columns;
}

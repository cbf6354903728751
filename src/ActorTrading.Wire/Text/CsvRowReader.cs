using System.Runtime.CompilerServices;
using System.Text;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Fast parser of rows of ticks, quotes or bars in which all cells have values, numbers have at most eight decimals, and times are ISO 8601
/// or whole numbers. It never rejects a row: anything unusual is left to <see cref="RecordAssembler"/>, and both give the same result for
/// the rows it accepts.
/// </summary>
internal sealed class CsvRowReader
{
    private const int MostNumbers = 5;

    private readonly ParserOptions options;
    private readonly StampReader stamps;
    private readonly RecordAssembler assembler;
    private readonly byte separator;
    private readonly RecordKind kind;
    private readonly (Role Role, int Slot)[] columns;

    private CsvRowReader(
        ParserOptions options, StampReader stamps, RecordAssembler assembler, TableLayout layout, (Role Role, int Slot)[] columns)
    {
        this.options = options;
        this.stamps = stamps;
        this.assembler = assembler;
        this.columns = columns;
        separator = layout.Separator;
        kind = layout.Kind!.Value;
    }

    private enum Role : byte
    {
        Unread,
        Symbol,
        Time,
        Number,
        Source,
        Epoch,
        Seq,
    }

    /// <summary>Creates a reader for a table; null if its rows need the general parser.</summary>
    public static CsvRowReader? For(ParserOptions options, StampReader stamps, RecordAssembler assembler, TableLayout layout)
    {
        if (!stamps.IsPlain || !layout.Numbers.IsPlain || layout.Kind is not { } kind) return null;
        var columns = new (Role Role, int Slot)[layout.Count];
        var seen = 0UL;
        for (var i = 0; i < columns.Length; i++)
        {
            // These columns change the meaning of a bar or a time.
            if (layout.Columns[i] is Field.Frame or Field.OpeningPrice or Field.Zone or Field.Final) return null;
            var column = columns[i] = RoleOf(layout.Columns[i], kind);
            if (column.Role == Role.Unread) continue;

            // Of two columns with one meaning, each row decides which one is used.
            if ((seen & Bit(column.Role, column.Slot)) != 0) return null;
            seen |= Bit(column.Role, column.Slot);
        }

        var needed = Bit(Role.Time) | kind switch
        {
            RecordKind.Tick => Bit(Role.Number),
            RecordKind.Quote => Bit(Role.Number) | Bit(Role.Number, 2),
            RecordKind.Bar => Bit(Role.Number) | Bit(Role.Number, 1) | Bit(Role.Number, 2) | Bit(Role.Number, 3),
            _ => ulong.MaxValue,
        };
        if (options.DefaultSymbol is null) needed |= Bit(Role.Symbol);
        return (seen & needed) == needed ? new CsvRowReader(options, stamps, assembler, layout, columns) : null;

        static ulong Bit(Role role, int slot = 0) => 1UL << (((int)role * MostNumbers) + slot);
    }

    /// <summary>Parses a row; false if it needs the general parser.</summary>
    public bool TryRead(ReadOnlySpan<byte> row, out Record record)
    {
        Unsafe.SkipInit(out record);
        Span<long> numbers = stackalloc long[MostNumbers];
        numbers.Clear();
        Stamp stamp = default;
        var symbol = options.DefaultSymbol;
        var source = options.DefaultSource;
        var (epoch, seq) = (options.DefaultEpoch, Identity.None);
        var i = 0;
        for (var column = 0; column < columns.Length; column++)
        {
            if (column > 0)
            {
                if ((uint)i >= (uint)row.Length || row[i] != separator) return false;
                i++;
            }

            var (role, slot) = columns[column];
            var isRead = role switch
            {
                Role.Number => DigitText.TryReadUnits(row, ref i, out numbers[slot]),
                Role.Time => TryReadCell(row, ref i, out var cell) && TryReadTime(cell, out stamp),
                Role.Symbol => TryReadCell(row, ref i, out var cell) && cell[0] != '\'' && options.Symbols.TryGet(cell, out symbol),
                Role.Source => TryReadCell(row, ref i, out var cell) && cell[0] != '\'' && options.Sources.TryGet(cell, out source!),
                Role.Epoch => DigitText.TryReadWhole(row, ref i, out epoch),
                Role.Seq => DigitText.TryReadWhole(row, ref i, out seq),
                _ => TryPass(row, ref i),
            };
            if (!isRead) return false;
        }

        if (i != row.Length) return false;
        var id = new Identity(source, epoch, seq);
        var time = new Timestamp(stamp.Nanoseconds);
        record = kind switch
        {
            RecordKind.Tick => Record.OfTick(symbol!, id, time, numbers[0], numbers[1]),
            RecordKind.Quote => Record.OfQuote(symbol!, id, time, numbers[0], numbers[1], numbers[2], numbers[3]),
            _ => Record.OfBar(
                symbol!, id, time, options.BarFrame, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]),
        };
        if (kind == RecordKind.Bar) record = assembler.Place(record, stamp);
        return true;
    }

    private static (Role Role, int Slot) RoleOf(Field field, RecordKind kind) => (field, kind) switch
    {
        (Field.Symbol or Field.Isin, _) => (Role.Symbol, 0),
        (Field.Time or Field.Date or Field.Clock, _) => (Role.Time, 0),
        (Field.Source, _) => (Role.Source, 0),
        (Field.Epoch, _) => (Role.Epoch, 0),
        (Field.Seq, _) => (Role.Seq, 0),
        (Field.Price or Field.Last, RecordKind.Tick) => (Role.Number, 0),
        (Field.Size or Field.Volume or Field.Amount, RecordKind.Tick) => (Role.Number, 1),
        (Field.Bid, RecordKind.Quote) => (Role.Number, 0),
        (Field.BidSize, RecordKind.Quote) => (Role.Number, 1),
        (Field.Ask, RecordKind.Quote) => (Role.Number, 2),
        (Field.AskSize, RecordKind.Quote) => (Role.Number, 3),
        (Field.Open, RecordKind.Bar) => (Role.Number, 0),
        (Field.High, RecordKind.Bar) => (Role.Number, 1),
        (Field.Low, RecordKind.Bar) => (Role.Number, 2),
        (Field.Close or Field.Price or Field.Last, RecordKind.Bar) => (Role.Number, 3),
        (Field.Volume or Field.Size, RecordKind.Bar) => (Role.Number, 4),
        _ => (Role.Unread, 0),
    };

    /// <summary>Reads ISO 8601, or a whole number of the known unit.</summary>
    private bool TryReadTime(ReadOnlySpan<byte> cell, out Stamp stamp)
    {
        if (cell.Length >= 10 && cell[4] == '-') return stamps.TryReadIso(cell, out stamp);
        stamp = default;
        var i = 0;
        if (!DigitText.TryReadWhole(cell, ref i, out var count) || i != cell.Length) return false;
        var isRead = stamps.TryReadWhole(count, out var nanoseconds);
        stamp = new Stamp(nanoseconds);
        return isRead;
    }

    /// <summary>Reads a cell that has text, in quotes or not; without blanks around it or quotes inside.</summary>
    private bool TryReadCell(ReadOnlySpan<byte> row, ref int i, out ReadOnlySpan<byte> cell)
    {
        cell = default;
        var rest = row[i..];
        if (rest.IsEmpty) return false;
        var isQuoted = rest[0] == '"';
        if (isQuoted) rest = rest[1..];
        var length = rest.IndexOf(isQuoted ? (byte)'"' : separator);
        if (length < 0)
        {
            if (isQuoted) return false;
            length = rest.Length;
        }

        cell = rest[..length];
        i += isQuoted ? length + 2 : length;
        return length > 0 && (isQuoted || (cell[0] > ' ' && cell[^1] > ' '));
    }

    /// <summary>Skips a cell that is not read.</summary>
    private bool TryPass(ReadOnlySpan<byte> row, ref int i)
    {
        if ((uint)i < (uint)row.Length && row[i] == '"') return TryReadCell(row, ref i, out var quoted) && Ascii.IsValid(quoted);
        var length = row[i..].IndexOf(separator);
        if (length < 0) length = row.Length - i;
        i += length;
        return Ascii.IsValid(row.Slice(i - length, length));
    }
}

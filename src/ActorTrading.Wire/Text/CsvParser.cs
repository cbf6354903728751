using System.Text;
using System.Text.Unicode;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Parser of table rows. Cells may be quoted (<c>""</c> for a quote inside), but must not contain line ends. Blanks around unquoted cells
/// are ignored. An empty cell is a missing field. A row of ticks, quotes or bars costs no allocation. Not thread-safe.
/// </summary>
public sealed class CsvParser
{
    private readonly ParserOptions options;
    private readonly TableLayout layout;
    private readonly RecordAssembler assembler;
    private readonly CsvRowReader? plainRows;
    private byte[] scratch = new byte[256];
    private int scratchLength;
    private FieldSet fields;

    /// <summary>Creates a parser for a table with that layout.</summary>
    public CsvParser(ParserOptions options, TableLayout layout)
    {
        if (options.DefaultSymbol is null && layout.Symbol is { } symbol) options = options with { DefaultSymbol = symbol };
        if (options.DateOrder == DateOrder.Unknown) options = options with { DateOrder = layout.DateOrder };
        this.options = options;
        this.layout = layout;
        Stamps = new StampReader(options);
        Stamps.Spelled.ClockHasSeconds = layout.ClockHasSeconds;
        assembler = new RecordAssembler(options, Stamps);
        plainRows = CsvRowReader.For(options, Stamps, assembler, layout);
    }

    /// <summary>The unit of numeric times of this table; null if not known yet.</summary>
    public TimeUnit? TimeUnit => Stamps.Unit;

    /// <summary>The reader of times.</summary>
    internal StampReader Stamps { get; }

    /// <summary>Parses one row. Blank rows and rows that repeat the header are ignored.</summary>
    public void Parse(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        if (plainRows is not null && plainRows.TryRead(line, out var plain))
        {
            sink.OnRecord(plain);
            return;
        }

        if (line.IsEmpty || line.Trim(" \t"u8).IsEmpty || IsHeader(line)) return;
        scratchLength = 0;
        fields.Clear();
        if (!Utf8.IsValid(line))
        {
            Reject(line, lineNumber, sink, "not UTF-8");
        }
        else if (Split(line) is { } fault)
        {
            Reject(line, lineNumber, sink, fault);
        }
        else if (assembler.TryAssemble(fields, line, scratch, out var record, layout.Kind))
        {
            sink.OnRecord(record);
        }
        else
        {
            sink.OnRejected(assembler.Reject(fields, line, scratch, line, lineNumber));
        }
    }

    /// <summary>Splits a row into fields; returns the error if it is not a valid row.</summary>
    private string? Split(ReadOnlySpan<byte> line)
    {
        var columns = layout.Columns;
        var isPlain = layout.Numbers.IsPlain;
        var start = 0;
        for (var column = 0; ; column++)
        {
            int end;
            if (start < line.Length && line[start] == '"')
            {
                if (!TryReadQuoted(line, start, out end, out var cell, out var length, out var form)) return "a quote is not closed";
                if (column < columns.Length && columns[column] != Field.None)
                {
                    var guard = IsText(columns[column])
                        ? FormulaGuard.Length((form == FieldForm.Unescaped ? scratch.AsSpan(cell, length) : line.Slice(cell, length)))
                        : 0;
                    fields.Set(columns[column], cell + guard, length - guard, form);
                    if (!isPlain) Undress(columns[column], line);
                }
            }
            else
            {
                end = line[start..].IndexOf(layout.Separator);
                end = end < 0 ? line.Length : start + end;
                if (column < columns.Length && columns[column] != Field.None)
                {
                    SetTrimmed(columns[column], line, start, end);
                    if (!isPlain) Undress(columns[column], line);
                }
            }

            if (end == line.Length) return column == columns.Length - 1 ? null : Miscounted(line, column + 1);
            start = end + 1;
            if (column == columns.Length - 1 && start == line.Length) return null; // a separator at the end of the row
            if (column >= columns.Length) return Miscounted(line, line.Count(layout.Separator) + 1);
        }
    }

    private string Miscounted(ReadOnlySpan<byte> line, int cells) =>
        $"{cells} cells under {layout.Count} columns: {Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)])}";

    private void SetTrimmed(Field field, ReadOnlySpan<byte> line, int start, int end)
    {
        while (start < end && line[start] is (byte)' ' or (byte)'\t') start++;
        while (end > start && line[end - 1] is (byte)' ' or (byte)'\t') end--;
        if (IsText(field)) start += FormulaGuard.Length(line[start..end]);
        fields.Set(field, start, end - start, FieldForm.Text);
    }

    /// <summary>Whether that column of our tables contains text of senders, which may have been guarded against formulas.</summary>
    private static bool IsText(Field field) => field is Field.Symbol or Field.Source;

    private bool IsHeader(ReadOnlySpan<byte> line) => !layout.HeaderLine.IsEmpty && line.SequenceEqual(layout.HeaderLine.Span);

    /// <summary>Writes a formatted number as a plain one to the scratch buffer.</summary>
    private void Undress(Field field, ReadOnlySpan<byte> line)
    {
        if (!FieldNames.IsNumber(field) || !fields.Has(field)) return;
        var cell = fields.TextOf(field, line, scratch);
        Span<byte> plain = stackalloc byte[128];
        if (cell.Length > plain.Length - 2) return;
        var length = layout.Numbers.Undress(cell, plain);
        if (scratchLength + length > scratch.Length) Array.Resize(ref scratch, Math.Max(scratchLength + length, scratch.Length * 2));
        plain[..length].CopyTo(scratch.AsSpan(scratchLength));
        fields.Set(field, scratchLength, length, FieldForm.Unescaped);
        scratchLength += length;
    }

    /// <summary>Reads a quoted cell; false if its end is missing or is not followed by a separator.</summary>
    private bool TryReadQuoted(ReadOnlySpan<byte> line, int start, out int end, out int cell, out int length, out FieldForm form)
    {
        cell = start + 1;
        form = FieldForm.Text;
        var doubled = 0;
        for (end = cell; end < line.Length; end++)
        {
            if (line[end] != '"') continue;
            if (end + 1 == line.Length || line[end + 1] != '"') break;
            doubled++;
            end++;
        }

        length = end - cell;
        if (end >= line.Length) return false;
        if (doubled > 0)
        {
            form = FieldForm.Unescaped;
            cell = Unescape(line.Slice(cell, length), out length);
        }

        end++;
        return end == line.Length || line[end] == layout.Separator;
    }

    private int Unescape(ReadOnlySpan<byte> text, out int length)
    {
        var start = scratchLength;
        if (start + text.Length > scratch.Length) Array.Resize(ref scratch, Math.Max(start + text.Length, scratch.Length * 2));
        for (var i = 0; i < text.Length; i++)
        {
            scratch[scratchLength++] = text[i];
            if (text[i] == '"') i++;
        }

        length = scratchLength - start;
        return start;
    }

    private void Reject(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink, string fault) =>
        sink.OnRejected(new RejectedInput(
            new Identity(options.DefaultSource, 0, Identity.None), lineNumber,
            new Rejection(RejectReason.Malformed, "line", fault), Excerpt.Of(line)));
}

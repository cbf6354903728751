using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Text;

/// <summary>
/// The first line of a table: which column tells what, what stands between columns (comma, semicolon or tab), and
/// what kind of record a row is. Columns that tell nothing known are ignored.
/// </summary>
public sealed class CsvHeader
{
    private readonly Field[] columns;

    private CsvHeader(byte[] line, byte separator, Field[] columns, FieldSet fields)
    {
        Line = line;
        Separator = separator;
        this.columns = columns;
        if (!fields.Has(Field.Kind) && RecordAssembler.TryInferKind(fields, out var kind)) Kind = kind;
    }

    /// <summary>What stands between columns.</summary>
    public byte Separator { get; }

    /// <summary>What every row is; null where a column tells it row by row.</summary>
    public RecordKind? Kind { get; }

    /// <summary>How many columns there are.</summary>
    public int Count => columns.Length;

    /// <summary>The line itself.</summary>
    internal ReadOnlyMemory<byte> Line { get; }

    /// <summary>What the columns tell, in their order.</summary>
    internal ReadOnlySpan<Field> Columns => columns;

    /// <summary>
    /// Reads a header; false with a message for the user, naming the column at fault and what was found, where
    /// rows under it could not be records.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> line, ParserOptions options, [NotNullWhen(true)] out CsvHeader? header, [NotNullWhen(false)] out string? error)
    {
        header = null;
        var separator = SeparatorOf(line);
        var names = NamesIn(line);
        var columns = names.Select(FieldNames.FindColumn).ToArray();
        var fields = default(FieldSet);
        for (var i = 0; i < columns.Length; i++)
        {
            var field = columns[i];
            if (field == Field.None) continue;
            if (fields.Has(field))
            {
                error = $"columns '{names[Array.IndexOf(columns, field)]}' and '{names[i]}' tell the same; rename or remove one";
                return false;
            }

            fields.Set(field, 0, 1, FieldForm.Text);
        }

        var missing = MissingColumn(fields, options);
        if (missing == Field.None)
        {
            error = null;
            header = new CsvHeader(line.ToArray(), separator, columns, fields);
            return true;
        }

        error = $"missing column '{(missing == Field.Time ? "timestamp" : FieldNames.Canonical(missing))}'; found: {Found(names)}";
        if (missing == Field.Symbol) error += " (a symbol for the whole file can be given instead)";
        return false;
    }

    /// <summary>Whether a line has the name of any known column, and so is meant as a header.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<byte> line) => NamesIn(line).Any(name => FieldNames.FindColumn(name) != Field.None);

    private static string[] NamesIn(ReadOnlySpan<byte> line) =>
        [.. Encoding.UTF8.GetString(line).Split((char)SeparatorOf(line), StringSplitOptions.TrimEntries).Select(name => name.Trim('"').Trim())];

    private static Field MissingColumn(in FieldSet fields, ParserOptions options)
    {
        if (!fields.Has(Field.Time)) return Field.Time;
        var kind = default(RecordKind);
        if (!fields.Has(Field.Kind) && !RecordAssembler.TryInferKind(fields, out kind)) return Field.Price;
        if (kind != RecordKind.EconomicIndicator && options.DefaultSymbol is null
            && !fields.Has(Field.Symbol) && !fields.Has(Field.Isin)) return Field.Symbol;
        return RecordAssembler.MissingField(kind, fields);
    }

    private static byte SeparatorOf(ReadOnlySpan<byte> line)
    {
        var (commas, semicolons, tabs) = (line.Count((byte)','), line.Count((byte)';'), line.Count((byte)'\t'));
        return semicolons > commas && semicolons >= tabs ? (byte)';' : tabs > commas ? (byte)'\t' : (byte)',';
    }

    private static string Found(string[] names)
    {
        var list = string.Join(",", names);
        return list.Length <= 200 ? list : list[..200] + "…";
    }
}

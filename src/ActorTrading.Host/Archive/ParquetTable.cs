using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using Encoding = System.Text.Encoding;

namespace ActorTrading.Host.Archive;

/// <summary>
/// Reads a Parquet file of another program as a table. Its rows are converted to CSV; the CSV reader finds the columns by their names and
/// interprets the numbers. Types with a unit (timestamps, dates, decimals) are written in full, so that nothing has to be detected.
/// </summary>
internal static class ParquetTable
{
    private const int HeadLength = 1 << 16;

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\n\r");

    private delegate void Cell(int row, StringBuilder line);

    /// <summary>Reads a file to its end.</summary>
    public static void Read(string path, ReadOptions options, IRecordSink sink, CancellationToken cancellation)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var reader = ParquetReader.CreateAsync(stream, null, true, cancellation).GetAwaiter().GetResult();
        var columns = reader.Schema.Fields.OfType<DataField>().Where(field => !field.IsArray && field.SchemaElement is not null).ToList();
        if (columns.Count == 0) throw new InputException(path, "has no plain columns");
        var records = new RecordStream(path,
            options with { OnTaken = taken => options.OnTaken?.Invoke(taken with { Format = InputFormat.Parquet }) }, sink, HeadLength);
        var line = new StringBuilder();
        line.AppendJoin(',', columns.Select(NameOf)).Append('\n');
        Feed(records, line);
        foreach (var group in reader.RowGroups)
        {
            var cells = columns.Select(column => CellsAsync(group, column).GetAwaiter().GetResult()).ToList();
            for (var row = 0; row < group.RowCount; row++)
            {
                if ((row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
                for (var i = 0; i < cells.Count; i++)
                {
                    if (i > 0) line.Append(',');
                    cells[i](row, line);
                }

                line.Append('\n');
                if (line.Length > HeadLength) Feed(records, line);
            }
        }

        Feed(records, line);
        records.Complete();
    }

    private static void Feed(RecordStream records, StringBuilder line)
    {
        records.Feed(Encoding.UTF8.GetBytes(line.ToString()));
        line.Clear();
    }

    /// <summary>The name of a column; pandas stores an unnamed index under a special name.</summary>
    private static string NameOf(DataField column) =>
        column.Name == "__index_level_0__" && column.SchemaElement!.LogicalType?.TIMESTAMP is not null ? "timestamp" : Quoted(column.Name);

    private static async Task<Cell> CellsAsync(ParquetRowGroupReader group, DataField column)
    {
        var element = column.SchemaElement!;
        return element.Type switch
        {
            Parquet.Meta.Type.BOOLEAN =>
                await CellsAsync<bool>(group, column, static (value, line) => line.Append(value ? "true" : "false")).ConfigureAwait(false),
            Parquet.Meta.Type.INT32 =>
                await CellsAsync<int>(group, column, (value, line) => AppendInteger(value, element, line)).ConfigureAwait(false),
            Parquet.Meta.Type.INT64 =>
                await CellsAsync<long>(group, column, (value, line) => AppendInteger(value, element, line)).ConfigureAwait(false),
            Parquet.Meta.Type.INT96 => await CellsAsync<BigInteger>(group, column, AppendInt96).ConfigureAwait(false),
            Parquet.Meta.Type.FLOAT => await CellsAsync<float>(
                group, column, static (value, line) => Append(line, float.IsFinite(value) ? value : null)).ConfigureAwait(false),
            Parquet.Meta.Type.DOUBLE => await CellsAsync<double>(
                group, column, static (value, line) => Append(line, double.IsFinite(value) ? value : null)).ConfigureAwait(false),
            _ => await CellsAsync<ReadOnlyMemory<byte>>(
                group, column, (value, line) => AppendBytes(value.Span, element, line)).ConfigureAwait(false),
        };
    }

    /// <summary>Reads the values of a column by their physical type, without the library's conversion.</summary>
    private static async Task<Cell> CellsAsync<T>(ParquetRowGroupReader group, DataField column, Action<T, StringBuilder> append)
        where T : struct
    {
        var count = checked((int)group.RowCount);
        var stored = new DataField(
            column.Name, typeof(T) == typeof(ReadOnlyMemory<byte>) ? typeof(byte[]) : typeof(T), isNullable: column.IsNullable);
        _ = new ParquetSchema(stored);
        if (!column.IsNullable)
        {
            var values = new T[count];
            await group.ReadAsync(stored, values.AsMemory()).ConfigureAwait(false);
            return (row, line) => append(values[row], line);
        }

        var found = new T?[count];
        await group.ReadAsync(stored, found.AsMemory()).ConfigureAwait(false);
        return (row, line) =>
        {
            if (found[row] is { } value) append(value, line);
        };
    }

    private static void Append(StringBuilder line, IFormattable? value)
    {
        if (value is not null) line.Append(value.ToString("R", CultureInfo.InvariantCulture));
    }

    private static void AppendInteger(long value, SchemaElement element, StringBuilder line)
    {
        if (element.LogicalType?.DECIMAL is not null || element.ConvertedType == ConvertedType.DECIMAL)
            line.Append(FixedPoint.Format((Int128)value, element.LogicalType?.DECIMAL?.Scale ?? element.Scale ?? 0));
        else if (element.LogicalType?.DATE is not null || element.ConvertedType == ConvertedType.DATE)
            line.Append(DateTime.UnixEpoch.AddDays(value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        else if (NanosecondsOf(element) is { } unit)
            AppendTime(checked(value * unit), element.LogicalType?.TIMESTAMP?.IsAdjustedToUTC ?? true, line);
        else if (element.LogicalType?.INTEGER is { IsSigned: false } || element.ConvertedType == ConvertedType.UINT_64)
            line.Append(element.Type == Parquet.Meta.Type.INT32 ? (uint)value : (ulong)value);
        else
            line.Append(value);
    }

    /// <summary>Nanoseconds per unit of a timestamp; null for another number.</summary>
    private static long? NanosecondsOf(SchemaElement element) => (element.LogicalType?.TIMESTAMP?.Unit, element.ConvertedType) switch
    {
        ({ MILLIS: not null }, _) or (null, ConvertedType.TIMESTAMP_MILLIS) => 1_000_000,
        ({ MICROS: not null }, _) or (null, ConvertedType.TIMESTAMP_MICROS) => 1_000,
        ({ NANOS: not null }, _) => 1,
        _ => null,
    };

    private static void AppendTime(long nanoseconds, bool isUtc, StringBuilder line)
    {
        var text = new Timestamp(nanoseconds).ToString();
        line.Append(isUtc ? text : text.TrimEnd('Z'));
    }

    /// <summary>Appends an INT96 time of older programs: nanoseconds of the day, then the Julian day.</summary>
    private static void AppendInt96(BigInteger value, StringBuilder line)
    {
        const int JulianDayOf1970 = 2_440_588;
        Span<byte> bytes = stackalloc byte[12];
        bytes.Clear();
        if (value.TryWriteBytes(bytes, out var written) && value.Sign < 0) bytes[written..].Fill(0xFF);
        var day = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) - (long)JulianDayOf1970;
        AppendTime(checked((day * Timestamp.Day) + BinaryPrimitives.ReadInt64LittleEndian(bytes)), isUtc: true, line);
    }

    private static void AppendBytes(ReadOnlySpan<byte> value, SchemaElement element, StringBuilder line)
    {
        if (element.LogicalType?.DECIMAL is null && element.ConvertedType != ConvertedType.DECIMAL)
        {
            line.Append(Quoted(Encoding.UTF8.GetString(value)));
            return;
        }

        var number = new BigInteger(value, isUnsigned: false, isBigEndian: true);
        line.Append(FixedPoint.Format(checked((Int128)number), element.LogicalType?.DECIMAL?.Scale ?? element.Scale ?? 0));
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal).Replace('\n', ' ').Replace(
            '\r', ' ')}\"" : text;
}

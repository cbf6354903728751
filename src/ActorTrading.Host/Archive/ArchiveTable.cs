using ActorTrading.Domain.Records;
using Parquet;
using Parquet.Schema;

namespace ActorTrading.Host.Archive;

/// <summary>
/// The Parquet columns of one record kind. Prices, sizes and ratios are DECIMAL(38,18), which represents every value of a record,
/// independent of the instrument's decimals: the files of all symbols and days have one schema. Times are TIMESTAMP in nanoseconds, in UTC,
/// but without the UTC flag, because DuckDB reads flagged ones as microseconds.
/// </summary>
internal sealed class ArchiveTable
{
    /// <summary>The metadata key for the name of the table.</summary>
    public const string KindKey = "actortrading.table";

    /// <summary>The metadata key for the position of the first record.</summary>
    public const string FirstKey = "actortrading.first_position";

    /// <summary>Total number of digits of a decimal.</summary>
    public const int Precision = 38;

    /// <summary>Number of digits after the decimal point.</summary>
    public const int Scale = 18;

    private static readonly (RecordKind Kind, string Name)[] Names =
    [
        (RecordKind.Tick, "trades"), (RecordKind.Quote, "quotes"), (RecordKind.BookUpdate, "books"), (RecordKind.Bar, "bars"),
        (RecordKind.Print, "prints"), (RecordKind.NewsSentiment, "news"), (RecordKind.MarketData, "fundamentals"),
        (RecordKind.EconomicIndicator, "economy"),
    ];

    private ArchiveTable(RecordKind kind, string name)
    {
        (Kind, Name) = (kind, name);
        DataField[] numbers =
        [
            .. Enumerable.Range(0, 5).Where(slot => RecordNumbers.IsPrice(kind, slot) || RecordNumbers.IsSize(kind, slot))
                .Select(slot => Number(RecordNumbers.NameOf(kind, slot))),
        ];
        DataField[] own = kind switch
        {
            RecordKind.BookUpdate => [Text("side"), .. numbers],
            RecordKind.Bar => [Text("frame"), .. numbers],
            RecordKind.Print => [.. numbers, Text("condition", isNullable: true)],
            RecordKind.NewsSentiment => [Number("sentiment_score"), Number("sentiment_magnitude")],
            RecordKind.MarketData => [new DataField<double?>("market_cap"), Number("pe_ratio", isNullable: true)],
            RecordKind.EconomicIndicator => [Text("indicator_name"), new DataField<double>("value")],
            _ => numbers,
        };
        Declared = new ParquetSchema(
            [
                new DateTimeDataField(
                    "time", DateTimeFormat.Timestamp, isAdjustedToUTC: false, unit: DateTimeTimeUnit.Nanos, isNullable: false),
                Text("symbol"), .. own,
                Text("source"), new DataField<long>("epoch"), new DataField<long?>("seq"), new DataField<long>("position"),
                new DataField<int>("ordinal"),
            ]);

        // The library's time type has a resolution of 100 ns; as an integer, nanoseconds are preserved.
        Time = new DataField<long>("time");
        _ = new ParquetSchema(Time);
    }

    /// <summary>All tables: one for each record kind.</summary>
    public static IReadOnlyList<ArchiveTable> All { get; } = [.. Names.Select(table => new ArchiveTable(table.Kind, table.Name))];

    /// <summary>The record kind of the table.</summary>
    public RecordKind Kind { get; }

    /// <summary>The name of the table's folder.</summary>
    public string Name { get; }

    /// <summary>The schema as readers see it.</summary>
    public ParquetSchema Declared { get; }

    /// <summary>The time column as this program writes and reads it.</summary>
    public DataField Time { get; }

    /// <summary>The write options: monotonic columns are delta-encoded.</summary>
    public static ParquetOptions Options()
    {
        var options = new ParquetOptions { UseBigDecimal = true };
        foreach (var column in (string[])["time", "position"]) options.ColumnEncodingHints[column] = EncodingHint.DeltaBinaryPacked;
        return options;
    }

    /// <summary>The table of a record kind.</summary>
    public static ArchiveTable Of(RecordKind kind) => All[(int)kind - 1];

    /// <summary>The table with a name; null when there is none.</summary>
    public static ArchiveTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);

    /// <summary>The column with a name.</summary>
    public DataField this[string column] => Declared.DataFields.First(field => field.Name == column);

    private static DataField Number(string name, bool isNullable = false) =>
        new BigDecimalDataField(name, Precision, Scale, isNullable: isNullable);

    private static DataField Text(string name, bool isNullable = false) => new(name, typeof(string), isNullable: isNullable);
}

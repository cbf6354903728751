using ActorTrading.Domain.Records;
using Parquet;
using Parquet.Schema;

namespace ActorTrading.Host.Archive;

/// <summary>
/// The columns that records of one kind have in Parquet. Prices, sizes and ratios are DECIMAL(38,18), which holds every number that
/// a record can have,
/// whatever the instrument's decimals: files of all symbols and days have one schema. Times are TIMESTAMP in nanoseconds: UTC, and
/// not marked so, since
/// DuckDB reads marked ones as microseconds.
/// </summary>
internal sealed class ArchiveTable
{
    /// <summary>The name of the metadata of a file that says of which table it is.</summary>
    public const string KindKey = "actortrading.table";

    /// <summary>The name of the metadata of a file that says the position of its first record.</summary>
    public const string FirstKey = "actortrading.first_position";

    /// <summary>Digits of a decimal, and those behind its point.</summary>
    public const int Precision = 38;

    /// <summary>Digits behind the point.</summary>
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

        // The library's own type of a time has steps of 100 ns; as a number it is written and read to the nanosecond.
        Time = new DataField<long>("time");
        _ = new ParquetSchema(Time);
    }

    /// <summary>One for each kind of record.</summary>
    public static IReadOnlyList<ArchiveTable> All { get; } = [.. Names.Select(table => new ArchiveTable(table.Kind, table.Name))];

    /// <summary>The kind of its records.</summary>
    public RecordKind Kind { get; }

    /// <summary>The folder of its files.</summary>
    public string Name { get; }

    /// <summary>The columns as readers see them.</summary>
    public ParquetSchema Declared { get; }

    /// <summary>The column of times as it is written and read here.</summary>
    public DataField Time { get; }

    /// <summary>How files are written: what rises steadily is stored as differences.</summary>
    public static ParquetOptions Options()
    {
        var options = new ParquetOptions { UseBigDecimal = true };
        foreach (var column in (string[])["time", "position"]) options.ColumnEncodingHints[column] = EncodingHint.DeltaBinaryPacked;
        return options;
    }

    /// <summary>The table of a kind.</summary>
    public static ArchiveTable Of(RecordKind kind) => All[(int)kind - 1];

    /// <summary>The table of a name; null where there is none.</summary>
    public static ArchiveTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);

    /// <summary>A column by its name.</summary>
    public DataField this[string column] => Declared.DataFields.First(field => field.Name == column);

    private static DataField Number(string name, bool isNullable = false) =>
        new BigDecimalDataField(name, Precision, Scale, isNullable: isNullable);

    private static DataField Text(string name, bool isNullable = false) => new(name, typeof(string), isNullable: isNullable);
}

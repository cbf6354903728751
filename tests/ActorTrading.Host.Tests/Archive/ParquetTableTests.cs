using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Archive;
using ActorTrading.TestKit;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using DuckDB.NET.Data;
using Parquet;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Archive;

/// <summary>Parquet files of other programs, and the exactness of the product's own files.</summary>
public sealed class ParquetTableTests : IDisposable
{
    private static readonly long Opening = Timestamp.OfDate(2024, 7, 9).Nanoseconds + (13 * Timestamp.Hour);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("make_timestamp_ns(1720530000123456789 + i)", 1, "snappy")]
    [InlineData("make_timestamp(1720530000123456 + i)", 1_000, "zstd")]
    [InlineData("make_timestamp(1720530000123456 + i) AT TIME ZONE 'UTC'", 1_000, "gzip")]
    [InlineData("make_timestamp_ms(1720530000123 + i)", 1_000_000, "snappy")]
    [InlineData("1720530000123456789 + i", 1, "uncompressed")]
    [InlineData("1720530000123 + i", 1_000_000, "snappy")]
    [InlineData("CAST(make_timestamp_ns(1720530000123456789 + i) AS VARCHAR)", 1, "snappy")]
    public void Trades_WithTimesOfAnyUnit(string time, long step, string codec)
    {
        const string Rest =
            "'AAPL' AS symbol, CAST(227.5 + i / 8.0 AS DOUBLE) AS price, CAST(100 + i AS BIGINT) AS size FROM range(300) t(i)";
        var path = Write($"SELECT {time} AS timestamp, {Rest}", codec);
        var records = Read(path);

        Assert.Equal(300, records.Count);
        for (var i = 0; i < 300; i++)
        {
            var record = records[i];
            Assert.Equal(
                (RecordKind.Tick, "AAPL", (1_720_530_000_123_456_789 / step * step) + (i * step),
                    Exact(record.A, record.Units.PriceDecimals), Exact(record.B, record.Units.SizeDecimals)),
                (record.Kind, record.Symbol.Name, record.Time.Nanoseconds, Exact((227_500 + (i * 125)) * 100_000L, 8),
                    Exact((100 + i) * Fixed8.One, 8)));
        }
    }

    [Fact]
    public void DailyBars_WithDatesAndDecimals_NewestFirst()
    {
        var path = Write("SELECT DATE '2024-07-09' - CAST(i AS INTEGER) AS Date, CAST(100.25 + i AS DECIMAL(10,2)) AS Open, "
            + "CAST(101.5 + i AS DECIMAL(18,4)) AS High, CAST(99 + i AS DECIMAL(38,10)) AS Low, "
            + "CAST(100.75 + i AS FLOAT) AS Close, 1000 * i AS Volume, NULL AS Dividends FROM range(5) t(i)");
        var taken = new List<InputTaken>();
        var records = Read(path, new ReadOptions { Parser = new() { DefaultSymbol = Symbol.Parse("SPY") }, OnTaken = taken.Add });

        Assert.Equal(InputFormat.Parquet, Assert.Single(taken).Format);
        Assert.Equal(5, records.Count);
        var first = records[0]; // oldest first
        Assert.Equal((RecordKind.Bar, Frame.OneDay, Timestamp.OfDate(2024, 7, 5)), (first.Kind, first.Frame, first.Time));
        Assert.Equal(
            (10_425_000_000, 10_550_000_000, 10_300_000_000, 10_475_000_000, 4_000 * (Int128)Fixed8.One),
            (first.A, first.B, first.C, first.D, first.Volume));
    }

    [Fact]
    public void FolderOfFilesOfOthers_IsReadInTheOrderOfTheirNames()
    {
        foreach (var day in (int[])[2, 1]) Write(
            $"SELECT TIMESTAMP '2024-07-0{day} 13:00:00' AS time, 'AAPL' AS symbol, {day} AS price, 1 AS size", name: $"day-{day}.parquet");
        var records = Read(folder.Path);
        Assert.Equal([1, 2], records.Select(record => record.Time.ToDateTime().Day));
    }

    [Fact]
    public void DamagedFile_IsTold()
    {
        var path = Write("SELECT TIMESTAMP '2024-07-09 13:00:00' AS time, 'AAPL' AS symbol, 1 AS price, 1 AS size");
        var bytes = File.ReadAllBytes(path);
        for (var length = 4; length < bytes.Length; length += 11)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Contains(path, Assert.Throws<InputException>(() => Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Numbers_ComeBackAsTheyWere_WithAnyDecimals()
    {
        var random = new Random(3);
        var rows = new List<ArchivedRecord>();
        long[] edges = [1, 9, 10, long.MaxValue, long.MaxValue - 1, long.MinValue, -1, 0, 1_000_000_000_000_000_000];
        for (var i = 0; i < 2_000; i++)
        {
            var units = new Units(random.Next(19), random.Next(19));
            var id = new Identity(Source.Parse("x"), 1, i);
            rows.Add(new ArchivedRecord(
                Record.OfQuote(Symbol.Parse("A"), id, new Timestamp(Opening + i), Some(), Some(), Some(), Some()).In(units), i, 0));
        }

        var table = ArchiveTable.Of(RecordKind.Quote);
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(table.Declared, stream, ArchiveTable.Options()))
        {
            using var group = writer.CreateRowGroup();
            await ArchiveGroup.WriteAsync(group, table, rows);
        }

        var reader = await ParquetReader.CreateAsync(stream, ArchiveTable.Options());
        var read = await ArchiveGroup.ReadAsync(reader.OpenRowGroupReader(0), table, new ArchiveGroup.Names());
        Assert.Equal(rows.Count, read.Length);
        for (var i = 0; i < read.Length; i++)
        {
            Assert.Equal(rows[i].Record.Time, read[i].Record.Time);
            Assert.Equal(Numbers(rows[i].Record), Numbers(read[i].Record));
        }

        long Some() => random.Next(3) switch
        {
            0 => edges[random.Next(edges.Length)],
            1 => random.NextInt64(),
            _ => random.Next(1_000_000),
        };

        static (Int128, Int128, Int128, Int128) Numbers(Record record) => (
            Exact(record.A, record.Units.PriceDecimals), Exact(record.B, record.Units.SizeDecimals),
            Exact(record.C, record.Units.PriceDecimals), Exact(record.D, record.Units.SizeDecimals));
    }

    [Fact]
    public void NumberThatDoesNotFit_IsRefusedAndNotRounded()
    {
        var bar = Record.OfBar(Symbol.Parse("A"), Identity.Anonymous, new Timestamp(Opening), Frame.OneMinute, 1, 1, 1, 1, Int128.MaxValue);
        Assert.Throws<CommandException>(() => ArchiveNumbers.Of(bar, 4));
        Assert.Throws<CommandException>(() => ArchiveNumbers.Of(bar.In(new Units(19, 8)), 0)); // 1e-19
    }

    private static Int128 Exact(long units, int decimals) => units * FixedPoint.PowerOfTen(18 - decimals);

    private static List<Record> Read(string path, ReadOptions? options = null)
    {
        var collected = new Collected();
        ArchiveInput.Read(path, options ?? new ReadOptions(), collected, CancellationToken.None);
        return collected.Records;
    }

    private string Write(string query, string codec = "snappy", string name = "data.parquet")
    {
        var path = folder.File(name);
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = $"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION {codec})";
        command.ExecuteNonQuery();
        return path;
    }

    private sealed class Collected : IRecordSink
    {
        public List<Record> Records { get; } = [];

        public void OnRecord(in Record record) => Records.Add(record);

        public void OnRejected(in RejectedInput input) => Assert.Fail(input.Rejection.ToString());
    }
}

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Exporting;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Tests.Exporting;

/// <summary>The archive of a journal: complete, in order, and the same bytes however it was written.</summary>
public sealed class JournalExportTests() : JournalOfRecords(step: Timestamp.Second)
{
    private const int BlockBytes = 50_000;

    private static readonly ExportRequest Everything = new(Dialect.Canonical, []);

    private string Output => Folder.File("archive.ndjson");

    [Theory]
    [InlineData("archive.ndjson", false)]
    [InlineData("archive.ndjson.gz", true)]
    public void Archive_FoldedAgain_HasTheStateHashOfTheEngine(string name, bool positions)
    {
        var path = Folder.File(name);
        Export(path, Everything with { Positions = positions });

        var market = new Market(Plan.Default, NoOutput.Instance);
        RecordFile.Read(path, new ReadOptions(), market, CancellationToken.None);

        Assert.Equal(Hash, StateHash.Of(market.Hashes()));
        var ledger = market.Ledger.Total();
        Assert.Equal(ledger.Received, ledger.Applied + ledger.Late);
    }

    /// <summary>Records of the kinds that a format supports survive an export to that format.</summary>
    [Theory]
    [InlineData(Dialect.Stock)]
    [InlineData(Dialect.DataType)]
    [InlineData(Dialect.Isin)]
    [InlineData(Dialect.Envelope)]
    [InlineData(Dialect.SymbolBars)]
    [InlineData(Dialect.CsvTrades)]
    [InlineData(Dialect.CsvBars)]
    [InlineData(Dialect.CsvQuotes)]
    public async Task ArchiveInAnyFormat_FoldedAgain_HasTheStateHashOfTheEngine(Dialect dialect)
    {
        Store.Dispose();
        Store = JournalStore.Open(Folder.File($"{dialect}.db"));
        var known = await JournalAsync([.. Records.Where(record => dialect.Carries(record.Kind))]);
        var path = Folder.File($"archive.{dialect.Name()}");
        Export(path, new ExportRequest(dialect, []));

        var market = new Market(Plan.Default, NoOutput.Instance);
        RecordFile.Read(path, new ReadOptions(), market, CancellationToken.None);

        Assert.Equal(known, StateHash.Of(market.Hashes()));
        var ledger = market.Ledger.Total();
        Assert.True(ledger.Received > 50, $"{ledger.Received} records");
        Assert.Equal(ledger.Received, ledger.Applied + ledger.Late);
    }

    [Theory]
    [InlineData("archive.ndjson")]
    [InlineData("archive.ndjson.gz")]
    public void ExportKilledAtAnyByte_RunAgain_LeavesTheSameBytes(string name)
    {
        var whole = Export(Folder.File("whole-" + name), Everything);
        var path = Folder.File(name);
        var random = new Random(3);
        for (var blocks = 0; ; blocks++)
        {
            var isKilled = IsKilledAfter(path, Everything, blocks);

            // Killed while writing the next block: a part of it exists, or other data after a power failure.
            var done = ExportCursor.Load(path)!.Bytes;
            var written = File.ReadAllBytes(path)[..(int)done];
            var torn = whole.AsSpan((int)done, random.Next(0, (int)Math.Min(BlockBytes, whole.Length - done) + 1)).ToArray();
            if (blocks % 2 == 1) random.NextBytes(torn);
            File.WriteAllBytes(path, [.. written, .. torn]);

            AssertSame(whole, Export(path, Everything));
            File.Delete(path);
            File.Delete(ExportCursor.PathOf(path));
            if (!isKilled) break;
        }
    }

    [Fact]
    public void ExportKilledBeforeItsCursorWasThere_BeginsAnew()
    {
        var whole = Export(Folder.File("whole.ndjson"), Everything);
        File.WriteAllBytes(Output, []);
        File.WriteAllBytes(ExportCursor.PathOf(Output) + ".next", [(byte)'{']);

        AssertSame(whole, Export(Output, Everything));
    }

    [Fact]
    public async Task ExportRunAgain_WritesOnlyWhatIsNew()
    {
        var first = Export(Output, Everything);
        AssertSame(first, Export(Output, Everything));

        await JournalAsync(
            [.. Records.Take(10).Select((record, i) => record.WithIdentity(new Identity(Source.Parse("late-comer"), 0, i)))]);
        var second = Export(Output, Everything);

        Assert.True(second.Length > first.Length);
        AssertSame(first, second[..first.Length]);
        AssertSame(Export(Folder.File("whole.ndjson"), Everything), second);
    }

    [Fact]
    public void ExportFromAPosition_IsTheRest()
    {
        var all = Encoding.UTF8.GetString(Export(Output, Everything with { Positions = true }))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var positions = all.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("position").GetInt64()).ToList();
        Assert.Equal(positions.Order(), positions);
        var middle = positions[positions.Count / 2];

        var rest = Encoding.UTF8.GetString(
            Export(Folder.File("rest.ndjson"), Everything with { Positions = true, After = middle }));

        Assert.Equal(all.Where((_, i) => positions[i] > middle), rest.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void TableOfTrades_HoldsTheTicksOfTheSymbolsAskedFor()
    {
        var request = new ExportRequest(Dialect.CsvTrades, [HostileMarkets.Symbols[0]]);
        var lines = Encoding.UTF8.GetString(Export(Folder.File("trades.csv"), request))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("timestamp,symbol,price,size,source,epoch,seq", lines[0]);
        Assert.NotEmpty(lines[1..]);
        Assert.All(lines[1..], line => Assert.Equal(HostileMarkets.Symbols[0].Name, line.Split(',')[1]));
    }

    [Fact]
    public void OutputOfAnotherExport_IsNotTouched()
    {
        var bytes = Export(Output, Everything);

        Assert.Throws<CommandException>(() => Export(Output, Everything with { Positions = true }));
        Assert.Throws<CommandException>(() => Export(Output, Everything with { Symbols = HostileMarkets.Symbols }));
        AssertSame(bytes, File.ReadAllBytes(Output));

        File.Delete(ExportCursor.PathOf(Output));
        Assert.Throws<CommandException>(() => Export(Output, Everything));
        AssertSame(bytes, File.ReadAllBytes(Output));
    }

    [Fact]
    public void OutputOfAnotherJournal_IsNotTouched()
    {
        var bytes = Export(Output, Everything);
        using var other = JournalStore.Open(Folder.File("other.db"));

        using var target = new ExportFile(Output, Everything, restart: false);
        Assert.Throws<CommandException>(
            () => new JournalExport(other, Everything, new LineSink(Everything, target)).Run(CancellationToken.None));
        Assert.Equal(bytes.Length, new FileInfo(Output).Length);
    }

    [Fact]
    public void DamagedEvent_IsNamed_AndWhatIsBeforeItIsWritten()
    {
        var id = PersistenceIds.Of(HostileMarkets.Symbols[0]);
        var before = Export(Folder.File("before.ndjson"), Everything);
        var number = Store.HighestSequenceNumber(id) + 1;
        Store.Commit([new JournalEntry(id, number, "ta1", new byte[] { 1, 2, 3 })]);

        using (var target = new ExportFile(Output, Everything, restart: false))
        {
            var export = new JournalExport(Store, Everything, new LineSink(Everything, target) { BlockBytes = BlockBytes });
            export.Run(CancellationToken.None);
            export.Rest();
            Assert.Contains($"Event {number} of '{id}'", export.Report.Damage, StringComparison.Ordinal);
        }

        AssertSame(before, File.ReadAllBytes(Output));
    }

    [Fact]
    public void PackedArchive_IsOneGzipFile()
    {
        var plain = Export(Output, Everything);
        var packed = Export(Output + ".gz", Everything);

        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)) gzip.CopyTo(unpacked);
        AssertSame(plain, unpacked.ToArray());
    }

    private static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.Equal(
            (expected.Length, -1),
            (actual.Length, expected.AsSpan().CommonPrefixLength(actual) is var same && same == expected.Length ? -1 : same));

    private byte[] Export(string path, ExportRequest request)
    {
        IsKilledAfter(path, request, int.MaxValue);
        return File.ReadAllBytes(path);
    }

    /// <summary>Exports a number of blocks, and is killed before the next; returns whether there was one.</summary>
    private bool IsKilledAfter(string path, ExportRequest request, int blocks)
    {
        using var target = new ExportFile(path, request, restart: false);
        using var counted = new Counted(target, blocks);
        var export = new JournalExport(Store, request, new LineSink(request, counted) { BlockBytes = BlockBytes });
        return IsKilled(export);
    }

    /// <summary>A target that ends the export before a block.</summary>
    private sealed class Counted(IExportTarget target, int blocks) : IExportTarget
    {
        private int left = blocks;

        public ExportCursor Start => target.Start;

        public void Head(ReadOnlySpan<byte> header) => target.Head(header);

        public void Block(ReadOnlySpan<byte> lines, in ExportMark mark)
        {
            if (left-- == 0) throw new KilledException();
            target.Block(lines, mark);
        }

        public bool Tail(ReadOnlySpan<byte> lines, in ExportMark mark) => target.Tail(lines, mark);

        public void Dispose()
        {
        }
    }
}

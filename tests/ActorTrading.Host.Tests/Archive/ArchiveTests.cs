using System.Globalization;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Archive;
using ActorTrading.Host.Exporting;
using ActorTrading.Host.Tests.Exporting;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using DuckDB.NET.Data;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Archive;

/// <summary>
/// The Parquet archive of a journal: complete, exact, the same bytes however it was written, and readable by another program.
/// </summary>
public sealed class ArchiveTests() : JournalOfRecords(step: 300 * Timestamp.Second)
{
    private static readonly ExportRequest Everything = new(Dialect.Canonical, []) { Format = ArchiveSink.Format, Groups = 2 };

    private string Output => Folder.File("archive");

    [Fact]
    public void Archive_FoldedAgain_HasTheStateHashOfTheEngine()
    {
        Export(Output, Everything);
        var market = new Market(Plan.Default, NoOutput.Instance);
        InputTaken? taken = null;
        ArchiveInput.Read(Output, new ReadOptions { OnTaken = input => taken = input }, market, CancellationToken.None);

        Assert.Equal(Hash, StateHash.Of(market.Hashes()));
        var ledger = market.Ledger.Total();
        Assert.Equal(ledger.Received, ledger.Applied + ledger.Late);
        Assert.Equal((InputFormat.Parquet, 8), (taken!.Format, taken.Kinds.Count));
        Assert.True(Files(Output).Count > 16, "several days of two groups");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(20)]
    public void ExportThatIsKilledAgainAndAgain_LeavesTheSameBytes(int events)
    {
        var whole = Export(Folder.File("whole"), Everything);
        var runs = 0;
        while (IsKilledAfter(Output, Everything, events, mostWaiting: 50)) runs++;
        AssertSame(whole, Files(Output));
        Assert.Empty(Directory.GetFiles(Output, "*.tmp", SearchOption.AllDirectories));
        Assert.True(runs > 1, $"{runs} runs");
    }

    [Fact]
    public async Task ExportKilledBetweenItsFiles_IsReadToItsCursor_AndDoublesNothing()
    {
        Export(Output, Everything);
        var before = File.ReadAllBytes(ExportCursor.PathOf(Output));
        await JournalAsync([.. Records.Take(50).Select(
            (record, i) => record.WithIdentity(new Identity(Source.Parse("late-comer"), 0, i)))]);
        var whole = Export(Output, Everything);

        // The files are those of the later run, the cursor is that of the earlier one.
        File.WriteAllBytes(ExportCursor.PathOf(Output), before);
        var market = new Market(Plan.Default, NoOutput.Instance);
        ArchiveInput.Read(Output, new ReadOptions(), market, CancellationToken.None);
        Assert.Equal(Hash, StateHash.Of(market.Hashes()));

        AssertSame(whole, Export(Output, Everything));
    }

    [Fact]
    public async Task ExportRunAgain_AppendsWhatIsNew_AndChangesNothingElse()
    {
        var first = Export(Output, Everything);
        AssertSame(first, Export(Output, Everything));

        await JournalAsync([Records[5].WithIdentity(new Identity(Source.Parse("late-comer"), 0, 1))]);
        var second = Export(Output, Everything);

        Assert.Single(second, file => !first.TryGetValue(file.Key, out var bytes) || !bytes.AsSpan().SequenceEqual(file.Value));
        AssertSame(Export(Folder.File("whole"), Everything), second);
    }

    [Fact]
    public void OtherProgram_FindsEveryRecord_ItsTypesAndItsNumbers()
    {
        Export(Output, Everything);
        var accepted = new List<Record>();
        var text = Folder.File("archive.ndjson");
        var lines = Everything with { Format = Dialect.Canonical.Name(), Groups = 1 };
        using (var sink = new LineSink(lines, new ExportFile(text, lines, restart: false)))
        {
            var export = new JournalExport(Store, lines, sink);
            export.Run(CancellationToken.None);
            export.Rest();
        }

        RecordFile.Read(text, new ReadOptions(), new Collected(accepted));
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        foreach (var table in ArchiveTable.All)
        {
            var own = accepted.Where(record => record.Kind == table.Kind).ToList();
            Assert.NotEmpty(own);
            var from = $"read_parquet('{Output}/{table.Name}/*/*.parquet', hive_partitioning = true)";
            Assert.Equal(
                (own.Count, own.Min(record => record.Time.Nanoseconds), own.Max(record => record.Time.Nanoseconds),
                    own.Select(record => record.Symbol).Distinct().Count()),
                (Number(duck, $"SELECT count(*) FROM {from}"), Number(duck, $"SELECT min(epoch_ns(time)) FROM {from}"),
                    Number(duck, $"SELECT max(epoch_ns(time)) FROM {from}"), Number(duck, $"SELECT count(DISTINCT symbol) FROM {from}")));
            Assert.Equal(own.Where(record => record.Id.IsSequenced).Aggregate((Int128)0, (all, record) => all + record.Id.Seq),
                Int128.Parse(Text(duck, $"SELECT coalesce(sum(seq), 0)::VARCHAR FROM {from}"), CultureInfo.InvariantCulture));
            Assert.Equal(0, Number(duck, $"SELECT count(*) FROM {from} WHERE strftime(time, '%Y-%m-%d') <> date::VARCHAR"));
            for (var slot = 0; slot < 5; slot++)
            {
                if (!RecordNumbers.IsPrice(table.Kind, slot) && !RecordNumbers.IsSize(table.Kind, slot)) continue;
                var name = RecordNumbers.NameOf(table.Kind, slot);
                Assert.Equal("DECIMAL(38,18)", Text(duck, $"SELECT typeof({name}) FROM {from} LIMIT 1"));
                var sum = own.Aggregate((Int128)0, (all, record) => all + In18(record, slot));
                Assert.Equal(FixedPoint.Format(sum, 18), Trimmed(Text(duck, $"SELECT sum({name})::VARCHAR FROM {from}")));

                // Also by the statistics of row groups and pages.
                var number = In18(own[own.Count / 2], slot);
                Assert.Equal(own.Count(record => In18(record, slot) == number),
                    Number(duck, $"SELECT count(*) FROM {from} WHERE {name} = {FixedPoint.Format(number, 18)}"));
                Assert.Equal(own.Count(record => In18(record, slot) > number),
                    Number(duck, $"SELECT count(*) FROM {from} WHERE {name} > {FixedPoint.Format(number, 18)}"));
            }
        }

        Assert.Equal("TIMESTAMP_NS", Text(duck, $"SELECT typeof(time) FROM read_parquet('{Output}/trades/*/*.parquet') LIMIT 1"));
    }

    [Fact]
    public void OutputOfAnotherExport_IsNotTouched()
    {
        var files = Export(Output, Everything);
        Assert.Contains("--groups 2", Assert.Throws<CommandException>(() => Export(Output, Everything with { Groups = 3 })).Message,
            StringComparison.Ordinal);
        Assert.Throws<CommandException>(() => Export(Output, Everything with { Symbols = HostileMarkets.Symbols }));
        File.Delete(ExportCursor.PathOf(Output));
        Assert.Throws<CommandException>(() => Export(Output, Everything));
        AssertSame(files, Files(Output));

        using (var sink = new ArchiveSink(Output, Everything, restart: true) { GroupRows = 20 })
        {
            var export = new JournalExport(Store, Everything, sink);
            export.Run(CancellationToken.None);
            export.Rest();
        }

        AssertSame(files, Files(Output));
    }

    private static long Number(DuckDBConnection duck, string query) => long.Parse(Text(duck, query), CultureInfo.InvariantCulture);

    private static string Text(DuckDBConnection duck, string query)
    {
        using var command = duck.CreateCommand();
        command.CommandText = query;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    private static string Trimmed(string number) =>
        number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;

    private static Int128 In18(Record record, int slot)
    {
        var units = record.Kind == RecordKind.Bar && slot == 4 ? record.Volume : RecordNumbers.Of(record, slot);
        return units * FixedPoint.PowerOfTen(
            18 - (RecordNumbers.IsPrice(record.Kind, slot) ? record.Units.PriceDecimals : record.Units.SizeDecimals));
    }

    private static Dictionary<string, byte[]> Files(string output) => Directory.GetFiles(output, "*.parquet", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(output, path), File.ReadAllBytes);

    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(actual[file.Key]), file.Key));
    }

    private Dictionary<string, byte[]> Export(string path, ExportRequest request)
    {
        Assert.False(IsKilledAfter(path, request, int.MaxValue, mostWaiting: 1_000));
        return Files(path);
    }

    /// <summary>Exports, and is killed after a number of events; returns whether there were as many.</summary>
    private bool IsKilledAfter(string path, ExportRequest request, int events, int mostWaiting)
    {
        using var sink = new ArchiveSink(path, request, restart: false) { MostWaiting = mostWaiting, GroupRows = 20 };
        var export = new JournalExport(Store, request, new Killed(sink, events));
        return IsKilled(export);
    }

    private sealed class Killed(IExportSink sink, int events) : IExportSink
    {
        private bool hasCommitted;
        private int left = events;

        public ExportCursor Start => sink.Start;

        public void Begin() => sink.Begin();

        public bool TryAdd(in Record record, long position, int ordinal) => sink.TryAdd(record, position, ordinal);

        /// <summary>Killed after progress, so that it ends eventually.</summary>
        public void EventTaken(in ExportMark mark)
        {
            sink.EventTaken(mark);
            hasCommitted |= ((ArchiveSink)sink).Cursor.Position > sink.Start.Position;
            if (--left <= 0 && hasCommitted) throw new KilledException();
        }

        public void Rest(in ExportMark mark) => sink.Rest(mark);

        public void Dispose() => sink.Dispose();
    }

    private sealed class Collected(List<Record> records) : Wire.IRecordSink
    {
        public void OnRecord(in Record record) => records.Add(record);

        public void OnRejected(in Wire.RejectedInput input) => Assert.Fail(input.Rejection.ToString());
    }
}

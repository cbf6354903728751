using System.Buffers;
using System.IO.Compression;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Tests.Text;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Files;

public sealed class RecordFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.ndjson", "{\"symbol\":\"A\",\"ts\":1720522800,\"price\":1}\n{\"symbol\":\"A\",\"ts\":1720522801,\"price\":2}\n")]
    [InlineData("a.txt", "\r\n  {\"symbol\":\"A\",\"ts\":1720522800,\"price\":1}\r\n{\"symbol\":\"A\",\"ts\":1720522801,\"price\":2}")]
    [InlineData("a", "timestamp,symbol,price\n1720522800,A,1\n1720522801,A,2")]
    [InlineData("a.csv", "\n\ntimestamp;symbol;price\r\n1720522800;A;1\r\n1720522801;A;2\r\n")]
    [InlineData("a.json", "[{\"symbol\":\"A\",\"ts\":1720522800,\"price\":1},\n {\"symbol\":\"A\",\"ts\":1720522801,\n  \"price\":2}\n]\n")]
    [InlineData("b.json", "{\n \"symbol\":\"A\",\"ts\":1720522800,\"price\":1}\n{\"symbol\":\"A\",\"ts\":1720522801,\n  \"price\":2}")]
    [InlineData("c.json", "[{\"symbol\":\"A\",\"ts\":1720522800,\"price\":1},{\"symbol\":\"A\",\"ts\":1720522801,\"price\":2}]")]
    public void EveryFormat_IsKnownByItsContent_PlainAndPacked(string name, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        byte[] marked = [0xEF, 0xBB, 0xBF, .. plain];
        var half = plain.Length / 2;
        Assert.All(
            new[]
            {
                plain, marked, Gzip(plain), [.. Gzip(marked[..half]), .. Gzip(marked[half..])], [.. Gzip(plain), .. new byte[512]],
                Zip((name, plain)), Zip((name, Gzip(plain))), Gzip(Gzip(plain)),
            },
            bytes =>
            {
                var read = ReadFile(name, bytes);
                Assert.Empty(read.Rejected);
                Assert.Equal([100_000_000, 200_000_000], read.Records.Select(record => record.A));
                Assert.All(read.Records, record => Assert.Equal(name, record.Id.Source.Name));
            });
    }

    [Fact]
    public void BinaryStream_IsReadPlainAndPacked_AndItsDamageTold()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output);
        encoder.Write(Reading.Tick("A", Reading.Eleven, "1", "5", 7));
        encoder.Write(Reading.Tick("B", Reading.Eleven, "2", "5", 7, "feed"));
        encoder.Flush();
        var bytes = output.WrittenSpan.ToArray();
        foreach (var file in new[] { bytes, Gzip(bytes), Zip(("a.atb", bytes)) })
        {
            var read = ReadFile("a.atb", file);
            Assert.Empty(read.Rejected);
            Assert.Equal([("A", "a.atb"), ("B", "feed")], read.Records.Select(record => (record.Symbol.Name, record.Id.Source.Name)));
        }

        var e = Assert.Throws<InputException>(() => ReadFile("a.atb", bytes[..^1]));
        Assert.Matches("a.atb, frame 4: is damaged at byte [0-9]+: the stream ends within a frame$", e.Message);
    }

    [Fact]
    public void EveryPartOfAnArchive_IsReadUnderItsOwnName()
    {
        var read = ReadFile("all.zip", Zip(
            ("day1/a.csv", "time,symbol,price\n1720522800,A,1"u8.ToArray()), ("empty.csv", []), ("__MACOSX/._a.csv", [1, 2, 3]),
            ("b.ndjson", "{\"symbol\":\"B\",\"ts\":1720522800,\"price\":2}"u8.ToArray())));
        Assert.Equal([("A", "a.csv"), ("B", "b.ndjson")], read.Records.Select(record => (record.Symbol.Name, record.Id.Source.Name)));
    }

    [Fact]
    public void SourceGivenByTheUser_CountsMoreThanTheFileName()
    {
        var read = ReadFile(
            "a.ndjson", "{\"symbol\":\"A\",\"ts\":1,\"price\":1}\n{\"symbol\":\"A\",\"ts\":1,\"price\":1,\"source\":\"own\"}"u8.ToArray(),
            new ReadOptions { Source = Source.Parse("feed") });
        Assert.Equal(["feed", "own"], read.Records.Select(record => record.Id.Source.Name));
    }

    [Theory]
    [InlineData("/data/ticks \"new\".csv.gz", "ticks _new_.csv.gz")]
    [InlineData("C:\\data\\ticks.csv", "ticks.csv")]
    [InlineData("börse.csv", "b_rse.csv")]
    [InlineData("all.zip:day/one.csv", "one.csv")]
    [InlineData("-", "-")]
    [InlineData("folder/", "-")]
    public void Source_IsTheFileNameMadeFit(string path, string source) => Assert.Equal(source, InputReader.SourceOf(path).Name);

    [Fact]
    public void BadLines_AreCountedWithTheirNumbers()
    {
        var read = ReadFile(
            "a.ndjson",
            ("{\"symbol\":\"A\",\"ts\":1,\"price\":1}\n\nrubbish\n{\"symbol\":\"A\",\"ts\":1,\"price\":NaN,\"seq\":4}\n"u8
            + "{\"symbol\":\"A\",\"ts\":1,\"price\":1}\n{\"symbol\":\"A\",\"ts\":1,\"pri"u8).ToArray());
        Assert.Equal(2, read.Records.Count);
        Assert.Equal(
            [(3L, RejectReason.Malformed, Identity.None), (4L, RejectReason.NotFinite, 4L), (6L, RejectReason.Malformed, Identity.None)],
            read.Rejected.Select(refused => (refused.LineNumber, refused.Rejection.Reason, refused.Seq)));
    }

    [Fact]
    public void OverlongLine_IsRefusedAndTheNextOneRead()
    {
        var text = "{\"symbol\":\"A\",\"ts\":1,\"price\":1}\n{\"note\":\"" + new string('x', 3_000_000)
            + "\"}\n{\"symbol\":\"A\",\"ts\":1,\"price\":2}";
        var read = ReadFile("a.ndjson", Encoding.UTF8.GetBytes(text));
        Assert.Equal(2, read.Records.Count);
        var refused = Assert.Single(read.Rejected);
        Assert.Equal(
            (2L, RejectReason.LineTooLong, "3000011 bytes; the limit is 65536"),
            (refused.LineNumber, refused.Rejection.Reason, refused.Rejection.Value));
    }

    [Fact]
    public void RowsAcrossManyChunks_AreAllRead()
    {
        var text = new StringBuilder("time,symbol,price,size\n");
        for (var i = 1; i <= 200_000; i++) text.Append("1720522800,SYM").Append(i % 7).Append(',').Append(i).Append(",1\n");
        var read = ReadFile("a.csv", Gzip(Encoding.UTF8.GetBytes(text.ToString())));
        Assert.Empty(read.Rejected);
        Assert.Equal(Enumerable.Range(1, 200_000).Select(i => i * 100_000_000L), read.Records.Select(record => record.A));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n\n\t\r\n", "holds only blanks")]
    [InlineData("hello\nworld\n", "line 1: holds neither JSON nor a table with a header: its first line is 'hello'")]
    [InlineData("\n\u0001\u0002\u0003\n", "line 2: holds neither JSON nor a table with a header: its first line is '\uFFFD\uFFFD\uFFFD'")]
    [InlineData(
        "time,symbol,size\n1,A,1\n", "line 1: missing column 'price'; found: time,symbol,size; use --columns if they have other names")]
    public void FileThatHoldsNoRecords_IsOneClearError(string text, string problem)
    {
        var e = Assert.Throws<InputException>(() => ReadFile("a.csv", Encoding.UTF8.GetBytes(text)));
        Assert.Equal(folder.File("a.csv"), e.Input);
        Assert.EndsWith(problem, e.Message, StringComparison.Ordinal);
        Assert.StartsWith(e.Input, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneEndlessLineOfRubbish_IsAnError()
    {
        var e = Assert.Throws<InputException>(() => ReadFile("a", Enumerable.Repeat((byte)'x', 2_000_000).ToArray()));
        Assert.Contains("holds neither JSON nor a table with a header", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WideText_IsRead()
    {
        const string Table = "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\r\n"
            + "2024.01.02\t00:01:00\t1.104\t1.1041\t1.1039\t1.10405\t55\t0\r\n";
        var options = new ReadOptions { Parser = new ParserOptions { DefaultSymbol = Symbol.Parse("EURUSD") } };
        foreach (var bytes in new byte[][]
        {
            [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Table)], [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Table)],
        })
        {
            var read = ReadFile("a.csv", bytes, options);
            Assert.Empty(read.Rejected);
            Assert.Equal(
                ("2024-01-02T00:01:00Z", Reading.Units("1.104"), Reading.Units("55")),
                (read.Records[0].Time.ToString(), read.Records[0].A, read.Records[0].E));
        }
    }

    [Fact]
    public void FileThatIsNotThere_IsAnError()
    {
        var e = Assert.Throws<InputException>(() => RecordFile.Read(folder.File("none.csv"), new ReadOptions(), new Collected()));
        Assert.EndsWith("none.csv: no such file", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<InputException>(() => RecordFile.Read(folder.Path, new ReadOptions(), new Collected()));
        Assert.EndsWith("is a folder, not a file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GzipCutAnywhere_DeliversWhatCameBeforeAndSaysSo()
    {
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 60).Select(
            i => $"{{\"symbol\":\"S{random.Next(100)}\",\"ts\":1720522800,\"price\":{i + 1},\"size\":{random.Next()}}}\n"));
        var middle = text.IndexOf("price", text.Length / 2, StringComparison.Ordinal);
        var first = Gzip(Encoding.UTF8.GetBytes(text[..middle]));
        byte[] all = [.. first, .. Gzip(Encoding.UTF8.GetBytes(text[middle..]))];
        Assert.Equal(60, ReadFile("a.gz", all).Records.Count);
        for (var cut = 2; cut < all.Length; cut++)
        {
            var sink = new Collected();
            var packed = new MemoryStream(all[..cut]);
            if (cut == first.Length)
            {
                RecordFile.Read(packed, "a.gz", new ReadOptions(), sink); // a whole member; the text ends within a line
                Assert.Single(sink.Rejected);
                continue;
            }

            // A single byte of the next member looks like padding after the last one.
            if (cut == first.Length + 1) continue;
            var e = Assert.Throws<InputException>(() => RecordFile.Read(packed, "a.gz", new ReadOptions(), sink));
            Assert.Contains(cut < 20 ? "" : "is truncated", e.Message, StringComparison.Ordinal);
            Assert.Empty(sink.Rejected);
            Assert.Equal(Enumerable.Range(1, sink.Records.Count).Select(i => i * 100_000_000L), sink.Records.Select(record => record.A));
        }
    }

    [Fact]
    public void GzipWithAFlippedBit_IsDamaged()
    {
        var text = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{{\"symbol\":\"A\",\"ts\":1720522800,\"price\":{i + 1}}}\n"));
        var bytes = Gzip(Encoding.UTF8.GetBytes(text));
        for (var i = 20; i < bytes.Length; i += 7)
        {
            var broken = (byte[])bytes.Clone();
            broken[i] ^= 0x10;
            Assert.Throws<InputException>(() => ReadFile("a.gz", broken));
        }
    }

    [Fact]
    public void DamagedArchive_IsAnError()
    {
        var text = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{{\"symbol\":\"A\",\"ts\":1720522800,\"price\":{i + 1}}}\n"));
        var bytes = Zip(("a.ndjson", Encoding.UTF8.GetBytes(text)));
        Assert.Throws<InputException>(() => ReadFile("a.zip", bytes[..(bytes.Length / 2)]));
        Assert.Throws<InputException>(() => ReadFile("a.zip", bytes[..4]));
        Assert.Throws<InputException>(() => ReadFile("a.zip", Zip()));
        for (var i = 50; i < bytes.Length - 150; i += 11)
        {
            var broken = (byte[])bytes.Clone();
            broken[i] ^= 0x10;
            Assert.Throws<InputException>(() => ReadFile("a.zip", broken));
        }
    }

    [Fact]
    public void ArchiveFromAPipe_IsAnError()
    {
        using var pipe = new GZipStream(new MemoryStream(Gzip(Zip(("a", [1])))), CompressionMode.Decompress);
        var e = Assert.Throws<InputException>(() => RecordFile.Read(pipe, "-", new ReadOptions(), new Collected()));
        Assert.StartsWith(
            "standard input: a zip archive can only be read from a separate file, not from a pipe", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilePackedOverAndOver_IsAnError()
    {
        var bytes = "{}"u8.ToArray();
        for (var i = 0; i < 6; i++) bytes = Gzip(bytes);
        Assert.EndsWith(
            "compressed too many times", Assert.Throws<InputException>(() => ReadFile("a", bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_EndsAtTheLengthOfTheFile()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"symbol\":\"A\",\"ts\":1,\"price\":1}\n", 100_000)));
        foreach (var bytes in new[] { text, Gzip(text) })
        {
            var progress = new Last();
            ReadFile("a", bytes, new ReadOptions { Progress = progress });
            Assert.Equal((bytes.Length, (long?)bytes.Length), (progress.Value.BytesRead, progress.Value.BytesTotal));
            Assert.True(progress.Rising);
        }
    }

    [Fact]
    public void Cancelling_StopsTheReading()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            RecordFile.Read(new MemoryStream("{}"u8.ToArray()), "a", new ReadOptions(), new Collected(), cancelled.Token));
    }

    [Fact]
    public void FaultOfTheSink_IsNotTakenForOneOfTheFile() => Assert.Throws<IOException>(() =>
        RecordFile.Read(new MemoryStream("{\"symbol\":\"A\",\"ts\":1,\"price\":1}"u8.ToArray()), "a", new ReadOptions(), new Full()));

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Each part runs newest first, and so does the archive; or each part runs oldest first, and the archive does not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PartsOfAnArchive_ThatGoBackInTime_AreReadInTheOrderOfTheirTimes(bool isNewestFirst)
    {
        string Part(int year) => "Date,Price,Symbol\n"
            + string.Concat((isNewestFirst ? new[] { 9, 5, 2 } : [2, 5, 9]).Select(day => $"{year}-01-0{day},{day},X\n"));
        var parts = new[] { 2024, 2023, 2022 }.Select(year => ($"{year}.csv", Encoding.UTF8.GetBytes(Part(year))));
        var taken = new List<InputTaken>();
        var sink = new Collected();
        var bytes = Zip([.. parts, ("readme.pdf", "%PDF-1.7 "u8.ToArray())]);
        RecordFile.Read(new MemoryStream(bytes), "all.zip", new ReadOptions { OnTaken = taken.Add }, sink);
        Assert.Equal(9, sink.Records.Count);
        Assert.Equal(sink.Records.OrderBy(record => record.Time), sink.Records);
        Assert.Equal(["all.zip:2022.csv", "all.zip:2023.csv", "all.zip:2024.csv", "all.zip:readme.pdf"], taken.Select(part => part.Name));
        Assert.Contains("files of the archive are read in time order", taken[0].Notes);
    }

    [Fact]
    public void PartsOfAnArchive_OfOtherSymbols_OrOfTheSameTimes_KeepTheirPlaces()
    {
        static byte[] Part(string symbol, params int[] days) =>
            Encoding.UTF8.GetBytes("Date,Price,Symbol\n" + string.Concat(days.Select(day => $"2024-01-0{day},{day},{symbol}\n")));
        var taken = new List<InputTaken>();
        var bytes = Zip(("c.csv", Part("C", 5, 6)), ("b.csv", Part("B", 3, 6)), ("a.csv", Part("B", 2, 7)));
        RecordFile.Read(new MemoryStream(bytes), "all.zip", new ReadOptions { OnTaken = taken.Add }, new Collected());
        Assert.Equal(["all.zip:c.csv", "all.zip:b.csv", "all.zip:a.csv"], taken.Select(part => part.Name));
        Assert.All(taken, part => Assert.Empty(part.Notes));
    }

    private static byte[] Zip(params (string Name, byte[] Bytes)[] parts)
    {
        var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in parts)
            {
                using var part = archive.CreateEntry(name).Open();
                part.Write(bytes);
            }
        }

        return packed.ToArray();
    }

    private Collected ReadFile(string name, byte[] bytes, ReadOptions? options = null)
    {
        var path = folder.File(name);
        File.WriteAllBytes(path, bytes);
        var sink = new Collected();
        RecordFile.Read(path, options ?? new ReadOptions(), sink);
        return sink;
    }

    private sealed class Last : IProgress<ReadProgress>
    {
        public ReadProgress Value { get; private set; }

        public bool Rising { get; private set; } = true;

        public void Report(ReadProgress value)
        {
            Rising &= value.BytesRead >= Value.BytesRead;
            Value = value;
        }
    }

    private sealed class Full : IRecordSink
    {
        public void OnRecord(in Domain.Records.Record record) => throw new IOException("disk full");

        public void OnRejected(in RejectedInput input) => throw new IOException("disk full");
    }
}

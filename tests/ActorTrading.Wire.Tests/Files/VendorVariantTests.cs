using System.IO.Compression;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>More variants of the problems in the shared cases: numbers, times, files of another kind.</summary>
public class VendorVariantTests
{
    private readonly List<InputTaken> taken = [];

    [Theory]
    [InlineData("1,23,456.78", "1,24,000.00", 12_345_678_000_000)] // India
    [InlineData("123\u202f456,78", "124\u202f000,00", 12_345_678_000_000)] // France, with the narrow no-break space of Unicode
    [InlineData("123\u00a0456,78", "124\u00a0000,00", 12_345_678_000_000)]
    [InlineData("123\u2019456.78", "124\u2019000.00", 12_345_678_000_000)] // Switzerland
    [InlineData("123'456.78", "124'000.00", 12_345_678_000_000)]
    [InlineData("\u20b91,23,456.78", "\u20b91,24,000.00", 12_345_678_000_000)]
    [InlineData("123 456.78 \u20ac", "124 000.00 \u20ac", 12_345_678_000_000)]
    [InlineData("\u221237.63", "10.01", -3_763_000_000)] // a minus sign instead of a hyphen
    public void NumbersOfCountries(string first, string second, long units)
    {
        var read = ReadAll($"Date;Symbol;Price\n2024-01-15;X;\"{first}\"\n2024-01-16;X;\"{second}\"\n");
        Assert.Empty(read.Rejected);
        Assert.Equal(units, read.Records[0].A);
    }

    [Theory]
    [InlineData("02JAN2024:09:30:00", "2024-01-02T09:30:00Z")] // SAS
    [InlineData("02/Jan/2024:09:30:00 +0100", "2024-01-02T08:30:00Z")]
    [InlineData("2024-01-02 18:30:00 JST", "2024-01-02T09:30:00Z")]
    [InlineData("2024-01-02 01:30:00 PST", "2024-01-02T09:30:00Z")]
    [InlineData("20240102T093000Z", "2024-01-02T09:30:00Z")]
    [InlineData("2024-01-02 09:30:00.000 America/New_York", "2024-01-02T14:30:00Z")]
    [InlineData("Tue Jan 02 09:30:00 2024", null)] // the year follows the time: needs --time-format
    [InlineData("09:30 02.01.2024", null)]
    [InlineData("1.72052E+12", null)] // a spreadsheet has removed the rest
    [InlineData("1.720522E+12", "2024-07-09T10:46:40Z")]
    [InlineData("2024-01-02 09:30:00 IST", null)] // of India, Ireland or Israel
    [InlineData("2024-01-02 09:30:00 CST", null)] // of Chicago, China or Cuba
    public void SpellingsOfTimes(string text, string? time)
    {
        var read = ReadAll($"time,symbol,price\n{text},X,1\n");
        if (time is null) Assert.Equal(RejectReason.BadTime, read.OnlyRejected().Rejection.Reason);
        else Assert.Equal(time, read.Only().Time.ToString());
    }

    [Theory]
    [InlineData("D", "1day")]
    [InlineData("W", "1week")]
    [InlineData("1M", "1month")]
    [InlineData("M5", "5min")]
    [InlineData("H4", "4hour")]
    [InlineData("1m", "1min")]
    [InlineData("MN1", "1month")]
    [InlineData("60", "1day")] // ambiguous, and not used: the frame follows from the timestamps, two midnights in a row
    public void PeriodOfABar(string period, string frame)
    {
        var read = ReadAll($"<TICKER>,<PER>,<DTYYYYMMDD>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n"
            + $"X,{period},20240102,000000,1,3,0.5,2,10\nX,{period},20240103,000000,2,4,1,3,20\n");
        Assert.Equal([frame, frame], read.Records.Select(record => record.Frame.Name()));
        Assert.Equal(period == "60" ? ["<PER>"] : [], taken[0].Unused);
    }

    [Theory]
    [InlineData("PAR1\u0015\u0004", "a Parquet file")]
    [InlineData("BZh91AY&SY", "packed by bzip2")]
    [InlineData("%PDF-1.7\n", "a PDF document")]
    [InlineData("SQLite format 3\0", "a SQLite database")]
    [InlineData("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Too many requests</title>", "a web page")]
    [InlineData("\n<html><body>429</body></html>", "a web page")]
    public void FileThatIsSomethingElse_IsNamedForWhatItIs(string text, string what)
    {
        var refused = Assert.Throws<InputException>(() => ReadAll(text));
        Assert.Contains("is " + what, refused.Message, StringComparison.Ordinal);
        Assert.Contains("is " + what, Assert.Throws<InputException>(() => Feed(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DatabentosFixedPointPrices_AreRefused_AndItsDecimalsRead()
    {
        const string header = "ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,depth,price,size,symbol\n";
        const string row = "1720522800000000000,1720522800000000000,0,2,15144,T,B,0,{0},5,NVDA\n";
        var fault = Assert.Throws<InputException>(() => ReadAll(header + row.Replace("{0}", "18250000000", StringComparison.Ordinal)));
        Assert.Contains("1e-9", fault.Message, StringComparison.Ordinal);
        var large = Assert.Throws<InputException>(() => ReadAll(header + row.Replace("{0}", "5500250000000", StringComparison.Ordinal)));
        Assert.Contains("pretty_px", large.Message, StringComparison.Ordinal);
        Assert.Equal(1_825_000_000, ReadAll(header + row.Replace("{0}", "18.250000000", StringComparison.Ordinal)).Only().A);
    }

    [Fact]
    public void PackedByZstdXzOr7Zip_TarWithinGzip_AndWorkbook_AreNamed()
    {
        Assert.Contains("zstd", ErrorOf([0x28, 0xB5, 0x2F, 0xFD, 4, 0, 1]), StringComparison.Ordinal);
        Assert.Contains("xz", ErrorOf([0xFD, .. "7zXZ"u8, 0, 0, 4]), StringComparison.Ordinal);
        Assert.Contains("7-Zip", ErrorOf([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C]), StringComparison.Ordinal);
        var tar = new byte[1024];
        "trades.csv"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(tar);
        Assert.Contains("is a tar archive; unpack it", ErrorOf(packed.ToArray()), StringComparison.Ordinal);
        var book = new MemoryStream();
        using (var archive = new ZipArchive(book, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in (string[])["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
            {
                using var content = archive.CreateEntry(part).Open();
                content.Write("<?xml version=\"1.0\"?>"u8);
            }
        }

        Assert.Contains("is an Excel workbook; save it as CSV", ErrorOf(book.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>
    /// Seconds and milliseconds in one file: rejected row by row if one unit prevails, and as a whole if none does. The unit is never
    /// decided value by value.
    /// </summary>
    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public void UnitsThatAreMixed_AreRefused_WithBothReadings(string format)
    {
        var half = Assert.Throws<InputException>(() => ReadAll(Mixed(format, 20, 20)));
        Assert.Contains("2024-07-09T11:00:00Z in s", half.Message, StringComparison.Ordinal);
        Assert.Contains("2024-07-09T11:20:00Z in ms", half.Message, StringComparison.Ordinal);
        Assert.Contains("--time-unit", half.Message, StringComparison.Ordinal);
        foreach (var (seconds, milliseconds, unit, other) in new[] { (30, 10, "s", "ms"), (10, 30, "ms", "s") })
        {
            var read = ReadAll(Mixed(format, seconds, milliseconds));
            Assert.Equal((30, 10), (read.Records.Count, read.Rejected.Count));
            Assert.All(read.Rejected, refused =>
            {
                Assert.Equal(RejectReason.TimeAbsurd, refused.Rejection.Reason);
                Assert.Contains(
                    $"times of this input are in {unit}; this one could be 2024-07-09T11:", refused.Rejection.Advice,
                    StringComparison.Ordinal);
                Assert.Contains($" in {other}", refused.Rejection.Advice, StringComparison.Ordinal);
            });
        }

        // Also far behind the examined beginning.
        var late = ReadAll(Mixed(format, 5_000, 3));
        Assert.Equal((5_000, 3), (late.Records.Count, late.Rejected.Count));
    }

    private static string Mixed(string format, int seconds, int milliseconds)
    {
        var rows = Enumerable.Range(0, seconds).Select(i => $"{1_720_522_800 + (60 * i)}")
            .Concat(Enumerable.Range(seconds, milliseconds).Select(i => $"{1_720_522_800 + (60 * i)}000"));
        return format == "csv"
            ? "time,symbol,price\n" + string.Concat(rows.Select(time => $"{time},X,1\n"))
            : string.Concat(rows.Select(time => $$"""{"symbol":"X","ts":{{time}},"price":1}""" + "\n"));
    }

    private static string ErrorOf(byte[] bytes) =>
        Assert.Throws<InputException>(() => RecordFile.Read(new MemoryStream(bytes), "x", new ReadOptions(), new Collected())).Message;

    private static void Feed(string text)
    {
        var stream = new RecordStream("x", new ReadOptions(), new Collected());
        stream.Feed(Encoding.UTF8.GetBytes(text));
        stream.Complete();
    }

    private Collected ReadAll(string text)
    {
        var sink = new Collected();
        RecordFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x", new ReadOptions { OnTaken = taken.Add }, sink);
        return sink;
    }
}

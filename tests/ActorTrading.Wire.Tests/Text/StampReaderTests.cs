using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Text;

/// <summary>The unit of numeric times is decided for an input, never for a single value.</summary>
public class StampReaderTests
{
    [Theory]
    [InlineData(TimeUnit.Seconds, 1L)]
    [InlineData(TimeUnit.Milliseconds, 1_000L)]
    [InlineData(TimeUnit.Microseconds, 1_000_000L)]
    [InlineData(TimeUnit.Nanoseconds, 1_000_000_000L)]
    public void TimesFrom1900To2100_InEveryUnit_AreReadRightInAFile(TimeUnit unit, long perSecond)
    {
        foreach (var year in (int[])[1900, 1950, 1965, 1969, 1971, 1972, 1973, 1999, 2024, 2099])
        {
            // Four days before and after the first of March: a file whose beginning shows its unit.
            var first = Timestamp.OfDate(year, 3, 1).Nanoseconds / Timestamp.Second;
            var text = new StringBuilder("time,symbol,price\n");
            for (var day = 0; day < 8; day++) text.Append((first + (day * 86_400)) * perSecond).Append(",A,1\n");
            var taken = new List<InputTaken>();
            var read = ReadFile(text.ToString(), new ReadOptions { OnTaken = taken.Add });
            Assert.Empty(read.Rejected);
            Assert.Equal(
                Enumerable.Range(0, 8).Select(day => (first + (day * 86_400)) * Timestamp.Second),
                read.Records.Select(record => record.Time.Nanoseconds));
            Assert.Equal(unit, Assert.Single(taken).Unit);
        }
    }

    [Fact]
    public void ValueOfAnotherUnit_IsRefusedWithWhatItCouldBe()
    {
        var read = ReadFile("time,symbol,price\n1720522800,A,1\n1720522801,A,1\n1720522802000,A,1\n1720522803,A,1\n");
        Assert.Equal(3, read.Records.Count);
        var refused = Assert.Single(read.Rejected);
        Assert.Equal(
            (RejectReason.TimeAbsurd, "ts", "1720522802000", 4L),
            (refused.Rejection.Reason, refused.Rejection.Field, refused.Rejection.Value, refused.LineNumber));
        Assert.Contains("times of this input are in s", refused.Rejection.Advice, StringComparison.Ordinal);
        Assert.Contains("2024-07-09T11:00:02Z in ms", refused.Rejection.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void OneWrongValueAtTheBeginning_DoesNotTellTheUnitOfAFile()
    {
        var read = ReadFile("time,symbol,price\n1720522800000000000,A,1\n1720522801,A,1\n1720522802,A,1\n1720522803,A,1\n");
        Assert.Equal(
            [1_720_522_801L, 1_720_522_802, 1_720_522_803], read.Records.Select(record => record.Time.Nanoseconds / Timestamp.Second));
        Assert.Single(read.Rejected);
    }

    [Fact]
    public void OneUnitForAllLinesOfAConnection_FoundByTheFirst()
    {
        var parser = new RecordParser(new ParserOptions());
        var sink = new Collected();
        foreach (var stamp in (string[])["1720522800000", "1720522801000", "1720522802", "86400000000"])
            parser.Parse(Encoding.ASCII.GetBytes($"{{\"symbol\":\"A\",\"ts\":{stamp},\"price\":1}}"), 1, sink);
        Assert.Equal(TimeUnit.Milliseconds, parser.TimeUnit);
        Assert.Equal(
            ["2024-07-09T11:00:00Z", "2024-07-09T11:00:01Z", "1972-09-27T00:00:00Z"],
            sink.Records.Select(record => record.Time.ToString()));
        Assert.Contains("2024-07-09T11:00:02Z in s", Assert.Single(sink.Rejected).Rejection.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "{\"symbol\":\"A\",\"date\":20240709,\"price\":1}\n{\"symbol\":\"A\",\"date\":20240710,\"price\":1}\n"
        + "{\"symbol\":\"A\",\"date\":\"20240711\",\"price\":1}",
        "2024-07-09T00:00:00Z 2024-07-10T00:00:00Z 2024-07-11T00:00:00Z")]
    [InlineData(
        "timestamp,symbol,price\n202401020930,A,1\n202401020931,A,1\n202401021000,A,1",
        "2024-01-02T09:30:00Z 2024-01-02T09:31:00Z 2024-01-02T10:00:00Z")]
    [InlineData("timestamp,symbol,price\n20240102093000,A,1\n20240102093001,A,1", "2024-01-02T09:30:00Z 2024-01-02T09:30:01Z")]
    [InlineData("date,symbol,price\n20240102.0,A,1\n20240103.0,A,1", "2024-01-02T00:00:00Z 2024-01-03T00:00:00Z")]
    public void CalendarDigits_AreDates(string text, string times)
    {
        var read = ReadFile(text);
        Assert.Empty(read.Rejected);
        Assert.Equal(times, string.Join(' ', read.Records.Select(record => record.Time.ToString())));
    }

    [Theory]
    [InlineData("2024010209\n2024010210", "2034-02-20", "2024-01-02T09:00:00 in calendar")]
    [InlineData("240102\n240103", "1970-01-03", "2024-01-02T00:00:00 in calendar")]
    public void TwoReadings_AreRefusedWithBothNamed(string stamps, string one, string other)
    {
        var text = "time,symbol,price\n" + string.Join('\n', stamps.Split('\n').Select(stamp => stamp + ",A,1"));
        var e = Assert.Throws<InputException>(() => ReadFile(text));
        Assert.Contains(one, e.Message, StringComparison.Ordinal);
        Assert.Contains(other, e.Message, StringComparison.Ordinal);
        Assert.Contains("--time-unit", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TimeUnit.Calendar, "2024010209", "2024-01-02T09:00:00Z")]
    [InlineData(TimeUnit.Seconds, "2024010209", "2034-02-20T")]
    [InlineData(TimeUnit.Seconds, "20240709", "1970-08-23T")]
    [InlineData(TimeUnit.Milliseconds, "1000000", "1970-01-01T00:16:40Z")]
    [InlineData(TimeUnit.Excel, "45293.39583", "2024-01-02T09:30:00Z")]
    [InlineData(TimeUnit.Excel, "45293", "2024-01-02T00:00:00Z")]
    public void GivenUnit_IsTakenAtItsWord(TimeUnit unit, string stamp, string time)
    {
        var read = ReadFile($"time,symbol,price\n{stamp},A,1", new ReadOptions { Parser = new ParserOptions { TimeUnit = unit } });
        Assert.Empty(read.Rejected);
        Assert.StartsWith(time, Assert.Single(read.Records).Time.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("01/05/2024 01/04/2024 01/03/2024", "2024-01-05")]
    [InlineData("05/01/2024 04/01/2024 03/01/2024", "2024-01-05")]
    [InlineData("01/02/2024 01/15/2024 02/01/2024", "2024-01-02")]
    [InlineData("01/02/2024 15/02/2024 01/03/2024", "2024-02-01")]
    public void DayOrMonthFirst_IsToldByAllDatesTogether(string dates, string first)
    {
        var read = ReadFile("date,symbol,price\n" + string.Join('\n', dates.Split(' ').Select(date => date + ",A,1")));
        Assert.Empty(read.Rejected);
        Assert.Contains(read.Records, record => record.Time.ToString().StartsWith(first, StringComparison.Ordinal));
    }

    [Fact]
    public void DayOrMonthFirst_IsRefusedWhereBothAreLeft()
    {
        var e = Assert.Throws<InputException>(() => ReadFile("date,symbol,price\n01/02/2024,A,1"));
        Assert.Contains("dd/MM/yyyy or MM/dd/yyyy", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dd/MM/yyyy HH:mm", "01/02/2024 09:30", "2024-02-01T09:30:00Z")]
    [InlineData("%d/%m/%Y %H:%M:%S", "01/02/2024 09:30:15", "2024-02-01T09:30:15Z")]
    [InlineData("yyyyMMddHHmmssf", "20240201093015123456", "2024-02-01T09:30:15.123456Z")]
    [InlineData("MMM d, yyyy h:mm tt zzz", "Feb 1, 2024 9:30 PM +01:00", "2024-02-01T20:30:00Z")]
    [InlineData("yy-MM-dd'T'HH", "24-02-01T09", "2024-02-01T09:00:00Z")]
    public void GivenSpelling_IsRead(string pattern, string stamp, string time)
    {
        Assert.True(TimePattern.TryParse(pattern, out var format));
        var read = ReadFile($"time,symbol,price\n\"{stamp}\",A,1", new ReadOptions { Parser = new ParserOptions { TimeFormat = format } });
        Assert.Equal(time, Assert.Single(read.Records).Time.ToString());
    }

    [Theory]
    [InlineData("HH:mm")]
    [InlineData("yyyy-MM-dd Q")]
    [InlineData("")]
    public void SpellingWithoutADate_IsNone(string pattern) => Assert.False(TimePattern.TryParse(pattern, out _));

    [Theory]
    [InlineData("Asia/Hong_Kong", "2024-01-05", BarStamp.Start)]
    [InlineData("Asia/Hong_Kong", "2024-01-05", BarStamp.End)]
    [InlineData("America/New_York", "2024-01-05", BarStamp.Start)]
    [InlineData("UTC", "2024-01-05 00:00:00+08:00", BarStamp.Start)]
    [InlineData("Asia/Hong_Kong", "2024-01-05 00:00:00", BarStamp.Start)]
    [InlineData("Pacific/Auckland", "20240105", BarStamp.Start)]
    public void BareDateOfADailyBar_IsThatDate(string zone, string stamp, BarStamp stamped)
    {
        Assert.True(InputZone.TryParse(zone, out var known));
        var options = new ReadOptions
        {
            Parser = new ParserOptions
            {
                Zone = known, Stamped = stamped, BarFrame = Domain.Calendars.Frame.OneDay, IsBarFrameGiven = true,
            },
        };
        var read = ReadFile($"Date,symbol,Open,High,Low,Close,Volume\n{stamp},A,1,2,1,2,5", options);
        Assert.Equal("2024-01-05T00:00:00Z", Assert.Single(read.Records).Time.ToString());
    }

    private static Collected ReadFile(string text, ReadOptions? options = null)
    {
        var sink = new Collected();
        RecordFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.csv", options ?? new ReadOptions(), sink);
        return sink;
    }
}

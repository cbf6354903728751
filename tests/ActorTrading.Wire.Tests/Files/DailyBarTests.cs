using System.Globalization;
using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>Bars with numeric or full timestamps that are whole days apart: their frame and their date.</summary>
public class DailyBarTests
{
    private InputTaken? taken;

    /// <summary>Two weeks of trading days from Monday, July 8 2024, stamped a number of hours after midnight UTC of their date.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)] // midnight in New York
    [InlineData(13.5)] // open in New York
    [InlineData(20)] // close in New York
    [InlineData(-8)] // midnight in Hong Kong
    [InlineData(-5.5)] // midnight in Mumbai
    [InlineData(-10)] // midnight in Sydney
    public void WeekdaysAtOneTimeOfDay_AreDailyBarsOfTheirDates(double hours)
    {
        var dates = Enumerable.Range(0, 12).Where(day => day % 7 < 5).ToArray();
        var read = Read(dates.Select(day => 1720396800 + (86_400L * day) + (long)(3_600 * hours)));
        Assert.All(read, bar => Assert.Equal(Frame.OneDay, bar.Frame));
        Assert.Equal(dates.Select(day => 8 + day), read.Select(bar => bar.Time.ToDateTime().Day));
        Assert.Contains("bars have the frame 1day, since they are whole days apart", taken!.ToString(), StringComparison.Ordinal);
        Assert.Equal(hours < 0, taken.Notes.Any(note => note.StartsWith("bars belong to the date that", StringComparison.Ordinal)));
    }

    [Fact]
    public void ChangeOfClocks_IsNoOtherTimeOfDay() => Assert.All(
        Read(new[] { -4, 20, 44, 117, 141 }.Select(hours => 1730332800 + (3_600L * hours))), // 04:00 and 05:00 UTC
        bar => Assert.Equal(Frame.OneDay, bar.Frame));

    [Theory]
    [InlineData("1day", 0, 1, 2, 3, 4, 5, 6, 7)] // every day of the week: a coin
    [InlineData("1day", 0, 1)]
    [InlineData("1day", 0, 3)] // for example a Friday and a Monday
    [InlineData("1day", 3, 2, 1, 0)]
    [InlineData("1week", 0, 7, 14, 21)]
    [InlineData("1month", -7, 24, 55, 85)] // the first of July to October
    public void StepsOfTheMidnights_SayTheFrame(string frame, params int[] days) => Assert.All(
        Read(days.Select(day => 1720396800 + (86_400L * day))), bar => Assert.Equal(frame, bar.Frame.Name()));

    [Theory]
    [InlineData(1720396800L, 1720396800L + (86_400 * 30))]
    [InlineData(1720396800L, 1720396800L + (86_400 * 7), 1720396800L + (86_400 * 14))]
    [InlineData(1720431000L, 1720431000L + 86_400)]
    public void FewBarsThatMayBeShorter_AreRefusedWithBothReadings(params long[] times) => Assert.EndsWith(
        "set --frame 1day if they are daily, --frame 1min if they are one-minute bars",
        Assert.Throws<InputException>(() => Read(times)).Message, StringComparison.Ordinal);

    [Fact]
    public void DateThatMayBeTheNext_IsRefusedWithBothReadings_AndReadAsSaid()
    {
        var coin = Enumerable.Range(0, 10).Select(day => 1720368000 + (86_400L * day)).ToArray(); // 16:00 UTC, every day
        Assert.EndsWith(
            "its bars of 1day are stamped at 16:00 UTC, which may be midnight of the next date east of Greenwich: "
            + "set --zone UTC+08 if so, --frame 1day if they belong to the date in UTC",
            Assert.Throws<InputException>(() => Read(coin)).Message, StringComparison.Ordinal);
        Assert.True(InputZone.TryParse("UTC+08", out var zone));
        Assert.Equal("2024-07-08T00:00:00Z", Read(coin, new ParserOptions { Zone = zone })[0].Time.ToString());
        Assert.Equal(
            "2024-07-07T16:00:00Z", Read(coin, new ParserOptions { BarFrame = Frame.OneDay, IsBarFrameGiven = true })[0].Time.ToString());
    }

    [Fact]
    public void MidnightOfTheZoneThatIsGiven_IsItsDate_AlsoWhereTheFrameIsGiven()
    {
        Assert.True(InputZone.TryParse("Asia/Hong_Kong", out var zone));
        var read = Read([1704384000, 1704383999], new ParserOptions { Zone = zone, BarFrame = Frame.OneDay, IsBarFrameGiven = true });
        Assert.Equal(["2024-01-05T00:00:00Z", "2024-01-04T15:59:59Z"], read.Select(bar => bar.Time.ToString()).OrderDescending());
    }

    [Theory]
    [InlineData("2024-07-08 00:00:00", "2024-07-09 00:00:00", "2024-07-08T00:00:00Z")]
    [InlineData("2024-07-08T00:00:00+08:00", "2024-07-09T00:00:00+08:00", "2024-07-08T00:00:00Z")]
    [InlineData("2024-07-08 00:00:00-04:00", "2024-07-09 00:00:00-04:00", "2024-07-08T00:00:00Z")]
    public void MidnightsThatAreWritten_SayTheirDate(string first, string second, string date)
    {
        var read = ReadText($"time,open,high,low,close\n{first},1,3,0.5,2\n{second},1,3,0.5,2\n", new ParserOptions());
        Assert.Equal((Frame.OneDay, date), (read[0].Frame, read[0].Time.ToString()));
    }

    [Fact]
    public void BarsOfSeveralSymbols_OneOfEach_StayOfAMinute() => Assert.All(
        ReadText("time,symbol,open,high,low,close\n1720396800,A,1,3,0.5,2\n1720396800,B,1,3,0.5,2\n", new ParserOptions()),
        bar => Assert.Equal(Frame.OneMinute, bar.Frame));

    [Fact]
    public void TimesFarApart_AreNoOverflow() => Assert.Equal(
        2, ReadText("time,open,high,low,close\n1700-01-01 00:00,1,3,0.5,2\n2261-01-01 00:01,1,3,0.5,2\n", new ParserOptions()).Count);

    private List<Record> Read(IEnumerable<long> times, ParserOptions? options = null) => ReadText(
        "time,open,high,low,close\n"
        + string.Concat(times.Select(time => string.Create(CultureInfo.InvariantCulture, $"{time},1,3,0.5,2\n"))),
        options ?? new ParserOptions());

    private List<Record> ReadText(string text, ParserOptions options)
    {
        var sink = new Collected();
        var read = new ReadOptions { Parser = options with { DefaultSymbol = Symbol.Parse("X") }, OnTaken = input => taken = input };
        RecordFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "bars", read, sink);
        Assert.Empty(sink.Rejected);
        return sink.Records;
    }
}

using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>The frame of bars without one: one frame for the whole input.</summary>
public class FrameOfBarsTests
{
    [Theory]
    [InlineData(Frame.OneMinute, "1720522800", "1720522860", "1720522920")]
    [InlineData(Frame.OneMinute, "1720522800", "1720526400")]
    [InlineData(Frame.OneMinute, "1720522800", "1720522860", "1720522920", "1720522980", "1720523037")] // the last one is not complete yet
    [InlineData(Frame.Tick, "1720522800", "1720522805", "1720522810")]
    [InlineData(Frame.Tick, "1720522799.5", "1720522803.25")]
    [InlineData(Frame.Tick, "1720522800", "1720522830", "1720522860", "1720522890")]
    [InlineData(Frame.Tick, "1720522800")]
    public void StockBars(Frame frame, params string[] times)
    {
        var read = Read(string.Concat(times.Select(time =>
            $"{{\"stock_symbol\":\"AAPL\",\"opening_price\":1,\"closing_price\":2,\"high\":3,\"low\":1,"
            + $"\"volume\":5,\"timestamp\":{time}}}\n")), out _);
        Assert.Equal(times.Length, read.Count);
        Assert.All(read, record => Assert.Equal(frame, record.Frame));
    }

    [Theory]
    [InlineData(Frame.OneMinute, BarStamp.Start, "11:00:00", "11:01:00")]
    [InlineData(Frame.OneMinute, BarStamp.Start, "11:00:00")]
    [InlineData(Frame.OneMinute, BarStamp.End, "11:01:00", "11:02:00")]
    [InlineData(Frame.Tick, BarStamp.Start, "11:00:00", "11:00:05")]
    [InlineData(Frame.Tick, BarStamp.End, "11:00:05", "11:00:10")]
    public void RowsOfATable(Frame frame, BarStamp stamped, params string[] times)
    {
        var rows = string.Concat(times.Select(time => $"2024-07-09T{time}Z,AAPL,1,3,1,2,5\n"));
        var read = Read($"timestamp,symbol,open,high,low,close,volume\n{rows}", out var taken, new ParserOptions { Stamped = stamped });
        Assert.All(read, record => Assert.Equal(frame, record.Frame));
        Assert.Equal(frame == Frame.Tick ? null : frame, taken.Frame);
        Assert.Equal(frame == Frame.Tick, taken.Notes.Any(note => note.Contains("match no frame", StringComparison.Ordinal)));
    }

    [Fact]
    public void FrameThatIsGiven_IsThatOfAll_ButThoseThatNameTheirs()
    {
        const string Bars = """
            {"symbol":"A","ts":1720522805,"open":1,"high":1,"low":1,"close":1}
            {"symbol":"A","ts":1720522810,"open":1,"high":1,"low":1,"close":1,"frame":"5min"}
            """;
        Assert.Equal(
            [Frame.OneSecond, Frame.FiveMinutes],
            Read(Bars, out _, new ParserOptions { BarFrame = Frame.OneSecond, IsBarFrameGiven = true }).Select(bar => bar.Frame));
        Assert.Equal([Frame.Tick, Frame.FiveMinutes], Read(Bars, out _).Select(bar => bar.Frame));
    }

    private static List<Record> Read(string text, out InputTaken taken, ParserOptions? options = null)
    {
        var sink = new Collected();
        InputTaken? found = null;
        RecordFile.Read(
            new MemoryStream(Encoding.UTF8.GetBytes(text)), "bars",
            new ReadOptions { Parser = options ?? new(), OnTaken = input => found = input }, sink);
        Assert.Empty(sink.Rejected);
        taken = found!;
        return sink.Records;
    }
}

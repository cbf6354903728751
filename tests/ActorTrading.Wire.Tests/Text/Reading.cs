using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

/// <summary>Short methods to read a line and to state the expected result.</summary>
internal static class Reading
{
    /// <summary>2024-07-09T11:00:00Z.</summary>
    public const long Eleven = 1_720_522_800_000_000_000;

    public static Collected Line(string line, ParserOptions? options = null) => Line(Encoding.UTF8.GetBytes(line), options);

    public static Collected Line(byte[] line, ParserOptions? options = null)
    {
        var sink = new Collected();
        new RecordParser(options ?? new ParserOptions()).Parse(line, 7, sink);
        return sink;
    }

    public static Collected Table(string table, ParserOptions? options = null)
    {
        options ??= new ParserOptions();
        var lines = table.Split('\n');
        Assert.True(
            TableDetector.TryDetect(Encoding.UTF8.GetBytes(table), isWhole: true, options, out var layout, out var fault), fault?.Problem);
        var parser = new CsvParser(options, layout);
        var sink = new Collected();
        for (var i = layout.LinesBefore; i < lines.Length; i++) parser.Parse(Encoding.UTF8.GetBytes(lines[i]), i + 1, sink);
        return sink;
    }

    public static Record Tick(
        string symbol, long time, string price, string size, long seq = Identity.None, string source = "-", long epoch = 0) =>
        Record.OfTick(Symbol.Parse(symbol), new Identity(Source.Parse(source), epoch, seq), new Timestamp(time), Units(price), Units(size));

    public static long Units(string number)
    {
        Assert.Equal(NumberStatus.Ok, Fixed8.TryParse(number, out var units));
        return units;
    }

    public static void Refused(Collected read, RejectReason reason, string field, string? value = null)
    {
        var rejection = read.OnlyRejected().Rejection;
        Assert.Equal((reason, field), (rejection.Reason, rejection.Field));
        if (value is not null) Assert.Equal(value, rejection.Value);
    }
}

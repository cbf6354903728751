using System.Buffers;
using ActorTrading.Domain.Values;
using ActorTrading.Lab.Benching;
using ActorTrading.Wire;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Lab.Tests.Benching;

public sealed class MarketTapeTests
{
    private const int Records = 70_000; // one block and the beginning of the next

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tape_ReadsBackAsOneMarket_WhoseSeqsAndStampsGoUpEvenly(bool binary)
    {
        var records = Read(binary, MarketTape.Open(binary, symbols: 7, first: 0, every: 1));

        Assert.Equal(Records, records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            Assert.Equal(MarketTape.FirstSeq + i, records[i].Id.Seq);
            Assert.True(records[i].A > 0);
            if (i > 0) Assert.Equal(
                records[1].Time.Nanoseconds - records[0].Time.Nanoseconds, records[i].Time.Nanoseconds - records[i - 1].Time.Nanoseconds);
        }

        Assert.Equal(7, records.Select(record => record.Symbol).Distinct().Count());
    }

    [Fact]
    public void BothFormats_TellTheSame()
    {
        var text = Read(false, MarketTape.Open(false, symbols: 7, first: 0, every: 1));
        var binary = Read(true, MarketTape.Open(true, symbols: 7, first: 0, every: 1));
        Assert.Equal(text.Select(Told), binary.Select(Told));

        static (string, long, Timestamp, long, long) Told(Record record) =>
            (record.Symbol.Name, record.Id.Seq, record.Time, record.A, record.B);
    }

    [Fact]
    public void FirstRecordOfASymbolFromATimeOn_IsFound()
    {
        var tape = MarketTape.Open(true, symbols: 7, first: 0, every: 1);
        var records = Read(true, tape);
        for (var i = 3; i < Records - 1_000; i += 4_999)
        {
            var name = records[i].Symbol.Name;
            var time = records[i - 3].Time;
            var expected = records.FindIndex(record => record.Symbol.Name == name && record.Time >= time);
            Assert.Equal(expected, tape.FirstAt(name, time));
            Assert.Equal(expected, tape.FirstAt(name, new Timestamp(records[expected].Time.Nanoseconds)));
        }

        Assert.Equal(-1, tape.FirstAt("NONE", records[0].Time));
    }

    [Fact]
    public void Tapes_ShareTheSymbolsAmongThem()
    {
        var names = Enumerable.Range(0, 3)
            .SelectMany(first => Read(true, MarketTape.Open(true, symbols: 10, first, every: 3))
                .Select(record => record.Symbol.Name).Distinct())
            .Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"SYM{number:D3}"), names);
    }

    private static List<Record> Read(bool binary, MarketTape tape)
    {
        var output = new ArrayBufferWriter<byte>();
        for (var left = Records; left > 0; left -= 10_000) tape.Write(10_000, output);
        var sink = new Sink();
        if (binary)
        {
            Assert.True(new BinaryDecoder(sink).Feed(output.WrittenSpan));
            return sink.Records;
        }

        var parser = new RecordParser(new ParserOptions());
        var splitter = new LineSplitter();
        var chunk = output.WrittenSpan;
        while (splitter.Next(ref chunk, out var line) == LineStatus.Line) parser.Parse(line, 0, sink);
        return sink.Records;
    }

    private sealed class Sink : IRecordSink
    {
        public List<Record> Records { get; } = [];

        public void OnRecord(in Record record) => Records.Add(record);

        public void OnRejected(in RejectedInput input) => Assert.Fail(input.ToString());
    }
}

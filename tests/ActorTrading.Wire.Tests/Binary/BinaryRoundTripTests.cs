using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Text;
using FsCheck;
using FsCheck.Fluent;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Binary;

public class BinaryRoundTripTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200);

    private static readonly Gen<Record> Mixed = Gen.OneOf(
        RecordGenerators.Valid, RecordGenerators.Hostile, RecordGenerators.ValidOf(RecordKind.Tick),
        RecordGenerators.ValidOf(RecordKind.Tick));

    [Fact]
    public void ValidRecordsOfEveryKind_ComeThroughUnchanged_AndInOrder() =>
        Check.One(Many, Prop.ForAll(RecordGenerators.Stream(RecordGenerators.Valid).ToArbitrary(), Survives));

    [Fact]
    public void ImpossibleRecords_ComeThroughUnchanged_BecauseRefusingThemIsTheDomainsJob() =>
        Check.One(Many, Prop.ForAll(RecordGenerators.Stream(RecordGenerators.Hostile).ToArbitrary(), Survives));

    [Fact]
    public void AnyMixture_InSmallBatches_ComesThroughUnchanged() =>
        Check.One(Many, Prop.ForAll(RecordGenerators.Stream(Mixed).ToArbitrary(), records => Survives(records, batchBytes: 64)));

    [Fact]
    public void RecordsInAnyUnits_AndVolumesOf128Bits_ComeThroughUnchanged() =>
        Check.One(Many, Prop.ForAll(
            RecordGenerators.Stream(Gen.OneOf(Mixed, RecordGenerators.InAnyUnits)).ToArbitrary(),
            records => Survives(records, batchBytes: 64)));

    [Theory]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MaxValue, long.MinValue)]
    [InlineData(long.MinValue, long.MinValue)]
    [InlineData(0, long.MinValue)]
    [InlineData(-1, 1)]
    public void DifferencesBetweenExtremes_WrapAround_AndComeBack(long one, long other)
    {
        var symbol = Symbol.Parse("AAPL");
        Record[] records =
        [
            Record.OfTick(symbol, new(Source.Anonymous, one, other), new(other), one, other),
            Record.OfTick(symbol, new(Source.Anonymous, one, one), new(one), other, one),
            Record.OfTick(symbol, new(Source.Anonymous, other, other), new(other), one, other),
            Record.OfQuote(symbol, new(Source.Anonymous, other, one), new(one), one, other, other, one),
            Record.OfBar(symbol, new(Source.Anonymous, other, other), new(one), 0, one, other, one, other, one),
        ];
        Assert.True(Survives(records, batchBytes: 16));
        Assert.True(Survives(records));
    }

    [Fact]
    public void Prices_ThatGetFinerInMidStream_AreDefinedAnew_NotRounded()
    {
        var symbol = Symbol.Parse("BTC/USD");
        var records = new[] { 100_00000000, 99_99000000, 99_99500000, 99_99500001, 100_00000000 }
            .Select((price, i) => Record.OfTick(symbol, new(Source.Anonymous, 0, i), new(1_720_522_800_000_000_000 + i), price, price))
            .ToArray();
        Assert.True(Survives(records));
    }

    [Fact]
    public void Times_ThatGetFinerInMidStream_ComeThroughUnchanged()
    {
        var symbol = Symbol.Parse("BTC/USD");
        var records = new[] { 0, 1_000_000_000, 1_001_000_000, 1_001_001_000, 1_001_001_001, 2_000_000_000 }
            .Select((time, i) => Record.OfTick(symbol, new(Source.Anonymous, 0, i), new(time), 1, 1))
            .ToArray();
        Assert.True(Survives(records));
    }

    [Fact]
    public void Stream_CutAtAnyPlace_TellsTheSame()
    {
        var records = RecordGenerators.Some(Mixed, 60, seed: 11);
        var stream = Streams.Encode(records, batchBytes: 300);
        var whole = Streams.Decode(stream, out _).Story;
        Assert.Equal(RecordText.Describe(records), whole);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var sink = new Collected();
            var decoder = new BinaryDecoder(sink);
            Assert.True(decoder.Feed(stream.AsSpan(0, cut)));
            Assert.True(decoder.Feed(stream.AsSpan(cut)));
            Assert.True(decoder.Complete());
            Assert.Equal(records.Length, sink.Records.Count);
            if (cut % 16 == 0) Assert.Equal(whole, sink.Story);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Stream_InPiecesOfOneSize_TellsTheSame(int size)
    {
        var records = RecordGenerators.Some(Mixed, 400, seed: 12);
        var stream = Streams.Encode(records, batchBytes: 300);
        var sink = new Collected();
        var decoder = new BinaryDecoder(sink);
        foreach (var piece in stream.Chunk(size)) Assert.True(decoder.Feed(piece));
        Assert.True(decoder.Complete());
        Assert.Equal(RecordText.Describe(records), sink.Story);
    }

    [Fact]
    public void QuietFeed_SendsItsMagicAlone()
    {
        var stream = Streams.Encode([]);
        Assert.Equal("ATB1"u8.ToArray(), stream);
        Assert.Empty(Streams.Decode(stream, out var decoder).Story);
        Assert.Null(decoder.Damage);
    }

    [Fact]
    public void Flush_SendsWhatHasCollected_AndNothingTwice()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output);
        var records = Streams.Market(10);
        var sink = new Collected();
        var decoder = new BinaryDecoder(sink);
        foreach (var record in records)
        {
            encoder.Write(record);
            encoder.Flush();
            encoder.Flush();
            decoder.Feed(output.WrittenSpan);
            output.ResetWrittenCount();
            Assert.Equal(RecordText.Describe(record), RecordText.Describe(sink.Records[^1]));
        }

        Assert.Equal(records.Length, sink.Records.Count);
    }

    [Fact]
    public void TextLongerThanTheFormatCarries_IsTheWritersMistake()
    {
        var encoder = new BinaryEncoder(new ArrayBufferWriter<byte>());
        var longest = new string('價', BinaryFormat.MaxTextLength);
        var print = Record.OfPrint(Symbol.Parse("AAPL"), Identity.Anonymous, new(1), 1, 1, longest);
        Assert.True(Survives([print, print], batchBytes: 1));
        Assert.Throws<ArgumentException>(
            () => encoder.Write(Record.OfPrint(Symbol.Parse("AAPL"), Identity.Anonymous, new(1), 1, 1, longest + "x")));
    }

    [Fact]
    public void OneSymbol_IsOneObject_AllAlongAStream()
    {
        var records = Streams.Decode(Streams.Encode(Streams.Market(2_000, symbols: 3), batchBytes: 100), out _).Records;
        Assert.Equal(3, records.Select(record => record.Symbol).Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Single(records.Select(record => record.Id.Source).Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public void OneSymbol_IsOneObject_OnTwoConnections()
    {
        var (symbols, sources) = (new SymbolTable(), new SourceTable());
        var stream = Streams.Encode(Streams.Market(10, symbols: 1));
        var (one, other) = (new Collected(), new Collected());
        new BinaryDecoder(one, symbols: symbols, sources: sources).Feed(stream);
        new BinaryDecoder(other, symbols: symbols, sources: sources).Feed(stream);
        Assert.Same(one.Records[0].Symbol, other.Records[9].Symbol);
        Assert.Same(one.Records[0].Id.Source, other.Records[9].Id.Source);
    }

    private static bool Survives(Record[] records) => Survives(records, BinaryEncoder.DefaultBatchBytes);

    private static bool Survives(Record[] records, int batchBytes)
    {
        var told = Streams.Decode(Streams.Encode(records, batchBytes), out var decoder).Story;
        return decoder.Damage is null && told.SequenceEqual(RecordText.Describe(records));
    }
}

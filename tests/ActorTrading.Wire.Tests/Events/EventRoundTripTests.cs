using System.Buffers;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Events;
using FsCheck;
using FsCheck.Fluent;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Events;

public class EventRoundTripTests
{
    private static readonly Symbol Aapl = Symbol.Parse("AAPL");
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200);
    private readonly EventEncoder encoder = new();
    private readonly EventDecoder decoder = new();

    [Fact]
    public void AcceptedTicks_ComeBackUnchanged() =>
        Check.One(Many, Prop.ForAll(RecordGenerators.StreamOfOne(Aapl, RecordGenerators.ValidOf(RecordKind.Tick)).ToArbitrary(),
            records => Survives(records, EventManifests.TicksAccepted)));

    [Fact]
    public void RecordsOfEveryKind_ComeBackUnchanged() =>
        Check.One(Many, Prop.ForAll(RecordGenerators.StreamOfOne(Aapl, RecordGenerators.Valid).ToArbitrary(),
            records => Survives(records, null)));

    [Fact]
    public void EvenImpossibleRecords_ComeBackUnchanged() =>
        Check.One(Many, Prop.ForAll(RecordGenerators.StreamOfOne(Aapl, RecordGenerators.Hostile).ToArbitrary(),
            records => Survives(records, null)));

    [Fact]
    public void RecordsInAnyUnits_AndVolumesOf128Bits_ComeBackUnchanged() =>
        Check.One(Many, Prop.ForAll(RecordGenerators.StreamOfOne(Aapl, RecordGenerators.InAnyUnits).ToArbitrary(),
            records => Survives(records, null)));

    [Fact]
    public void TicksInUnitsOfTheirOwn_ComeBackUnchanged() =>
        Check.One(Many, Prop.ForAll(RecordGenerators.StreamOfOne(Aapl, RecordGenerators.ValidOf(RecordKind.Tick)).ToArbitrary(),
            records => Survives(
                [.. records.Select((tick, i) => tick.In(new Units(i % 3 == 0 ? 8 : 12, 4)))], EventManifests.TicksAccepted)));

    [Fact]
    public void Decoders_ReadLargeEventsInTheMemoryOfThoseBeforeThem()
    {
        var ticks = Enumerable.Range(1, 4_000)
            .Select(seq => Record.OfTick(Aapl, new Identity(Source.Parse("a"), 0, seq), new(seq * Timestamp.Second), 100, 100)).ToArray();
        var bytes = new ArrayBufferWriter<byte>();
        var manifest = encoder.EncodeRecords(Aapl, ticks, bytes);
        var allocated = Allocations.Of(() =>
        {
            using var fresh = new EventDecoder();
            Assert.True(fresh.TryDecode(manifest, bytes.WrittenSpan, out var decoded, out _));
            Assert.Equal(ticks.Length, decoded.Records.Length);
        });
        Assert.InRange(allocated, 1, 16_384); // the records alone are 350 kB
    }

    /// <summary>Events that earlier programs can read have the version that these know; all others have another version.</summary>
    [Fact]
    public void OnlyWhatNeedsThem_HasUnits()
    {
        var id = new Identity(Source.Parse("a"), 0, 1);
        var tick = Record.OfTick(Aapl, id, new(1_720_522_800_000_000_000), 22_799_000_000, 100);
        var bar = Record.OfBar(Aapl, id, tick.Time, Domain.Calendars.Frame.OneDay, 1, 1, 1, 1, long.MaxValue);
        Assert.Equal(
            [1, 2, 1, 2], new[] { tick, tick.In(new Units(9, 8)), bar, bar.WithVolume((Int128)long.MaxValue + 1) }.Select(VersionOf));

        byte VersionOf(Record record)
        {
            var buffer = new ArrayBufferWriter<byte>();
            encoder.EncodeRecords(Aapl, [record], buffer);
            return buffer.WrittenSpan[0];
        }
    }

    [Fact]
    public void FiguresOfTheEconomy_ComeBackUnderTheirOwnSymbol()
    {
        var record = Record.OfEconomicIndicator(new(Source.Parse("bls"), 1, 2), new(1_720_522_800_000_000_000), "cpi", 3.1);
        var buffer = new ArrayBufferWriter<byte>();
        Assert.Equal("ra1", encoder.EncodeRecords(Symbol.Economy, [record], buffer));
        Assert.True(decoder.TryDecode("ra1", buffer.WrittenSpan, out var decoded, out _));
        Assert.Same(Symbol.Economy, decoded.Symbol);
        Assert.Equal(RecordText.Describe(record), RecordText.Describe(decoded.Records[0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_720_522_860_000_000_000)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void AdvancedClock_ComesBack(long to)
    {
        var happened = new ClockAdvanced(Aapl, new(to));
        var buffer = new ArrayBufferWriter<byte>();
        var manifest = encoder.Encode(happened, buffer);
        Assert.Equal("ca1", manifest);
        Assert.True(decoder.TryDecodeEvent(manifest, buffer.WrittenSpan, out var back, out _));
        Assert.Equal(happened, back);
    }

    [Fact]
    public void EventObject_HasTheBytesOfItsRecords()
    {
        var records = Ticks(50);
        var buffer = new ArrayBufferWriter<byte>();
        encoder.EncodeRecords(Aapl, records, buffer);
        foreach (IReadOnlyList<Record> list in new IReadOnlyList<Record>[]
        {
            records, records.ToList(), new Queue<Record>(records).ToList().AsReadOnly(),
        })
        {
            var other = new ArrayBufferWriter<byte>();
            Assert.Equal("ta1", encoder.Encode(new RecordsAccepted(Aapl, list), other));
            Assert.Equal(buffer.WrittenSpan, other.WrittenSpan);
        }

        Assert.True(decoder.TryDecodeEvent("ta1", buffer.WrittenSpan, out var back, out _));
        Assert.Equal(RecordText.Describe(records), ((RecordsAccepted)back).Records.Select(record => RecordText.Describe(record)));
    }

    [Fact]
    public void EventsThatNoJournalCouldGiveBack_AreTheWritersMistake()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var tick = Ticks(1)[0];
        Assert.Throws<ArgumentException>(() => encoder.EncodeRecords(Aapl, [], buffer));
        Assert.Throws<ArgumentException>(() => encoder.EncodeRecords(Symbol.Parse("MSFT"), [tick], buffer));
        Assert.Throws<ArgumentException>(
            () => encoder.EncodeRecords(Aapl, [tick, Record.Of((RecordKind)9, Aapl, tick.Id, tick.Time, 1)], buffer));
        Assert.Throws<ArgumentException>(() => encoder.EncodeRecords(
            Aapl, [Record.OfPrint(Aapl, tick.Id, tick.Time, 1, 1, new string('x', 4097))], buffer));
        Assert.Equal(0, buffer.WrittenCount);
    }

    [Fact]
    public void SourcesThatTakeTurns_KeepTheirOwnCount()
    {
        var sources = Enumerable.Range(0, 40).Select(i => Source.Parse($"feed-{i}")).ToArray();
        var records = Enumerable.Range(0, 2_000)
            .Select(i => Record.OfTick(Aapl, new(sources[i % 40], 1, 1_000_000 + (i / 40)), new(1_720_522_800_000_000_000 + i), 1, 1))
            .ToArray();
        Assert.True(Survives(records, EventManifests.TicksAccepted));
        var buffer = new ArrayBufferWriter<byte>();
        encoder.EncodeRecords(Aapl, records, buffer);
        Assert.True(buffer.WrittenCount < 2_000 * 8, $"{buffer.WrittenCount} bytes");
    }

    internal static Record[] Ticks(int count, int seed = 7)
    {
        var market = Wire.Tests.Binary.Streams.Market(count, symbols: 1, seed);
        return [.. market.Select(tick => Record.OfTick(Aapl, tick.Id, tick.Time, tick.A, tick.B))];
    }

    private bool Survives(Record[] records, string? expected)
    {
        var buffer = new ArrayBufferWriter<byte>(1);
        var manifest = encoder.EncodeRecords(Aapl, records, buffer);
        return (expected is null || manifest == expected)
            && decoder.TryDecode(manifest, buffer.WrittenSpan, out var decoded, out _)
            && decoded.Symbol.Equals(Aapl)
            && !decoded.IsClockAdvanced
            && RecordText.Describe(decoded.Records).SequenceEqual(RecordText.Describe(records));
    }
}

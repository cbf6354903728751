using System.Buffers;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Events;

namespace ActorTrading.Wire.Tests.Events;

/// <summary>Changes of exclusions: they survive a round trip, and damage is detected.</summary>
public class ExclusionCodecTests
{
    private static readonly Timestamp Now = new(1_720_535_460_000_000_000);

    public static TheoryData<string> Filters => ["id", "source", "span", "source in a span", "from", "negative epoch"];

    /// <summary>One exclusion of each kind of filter.</summary>
    internal static ExclusionChange Change(string kind)
    {
        var feed = Source.Parse("feed:a");
        var filter = kind switch
        {
            "id" => new RecordFilter(feed, 3, 17),
            "source" => new RecordFilter(feed),
            "span" => new RecordFilter(From: new Timestamp(-5), To: Now),
            "source in a span" => new RecordFilter(feed, From: new Timestamp(long.MinValue), To: new Timestamp(long.MaxValue)),
            "negative epoch" => new RecordFilter(feed, long.MinValue, long.MaxValue),
            _ => new RecordFilter(From: Now),
        };
        var exclusion = new Exclusion
        {
            Filter = filter, UpTo = 4_711, Records = 12,
            Newest = [new Identity(feed, 3, 17), new Identity(Source.Parse("b"), -1, long.MaxValue)], Time = Now, By = "ops é",
        };
        return new ExclusionChange(Symbol.Parse("BTC/USD"), exclusion, 0, Now, "ops é");
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void Exclusion_ComesBack(string kind)
    {
        var change = Change(kind);
        Assert.True(ExclusionCodec.TryDecode(Encode(change), out var read, out _));
        Assert.Equal(change with { Added = null }, read with { Added = null });
        Assert.Equal(change.Added!.Newest, read.Added!.Newest);
        Assert.Equal(change.Added with { Newest = read.Added.Newest }, read.Added);
    }

    [Fact]
    public void EndOfAnExclusion_ComesBack_OfTheEconomyToo()
    {
        var change = new ExclusionChange(Symbol.Economy, null, 7, Now, "");
        Assert.True(ExclusionCodec.TryDecode(Encode(change), out var read, out _));
        Assert.Equal(change, read);
    }

    [Fact]
    public void EveryFlippedBitAndEveryTornRow_IsNoticed()
    {
        Damage.IsNoticed(Encode(Change("source in a span")), static payload => ExclusionCodec.TryDecode(payload, out _, out _));
    }

    internal static byte[] Encode(ExclusionChange change)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ExclusionCodec.Encode(change, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}

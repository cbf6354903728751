using System.Buffers;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Events;

namespace ActorTrading.Wire.Tests.Events;

/// <summary>Deletions of symbols: they survive a round trip, and damage is detected.</summary>
public class DeletionCodecTests
{
    internal static SymbolDeleted Deleted { get; } = new(
        Symbol.Parse("BTC/USD"), new Timestamp(1_720_535_460_000_000_000), "ops é",
        [new Identity(Source.Parse("b"), -1, long.MaxValue), new Identity(Source.Parse("feed:a"), 3, 17)]);

    [Fact]
    public void Deletion_ComesBack_AsAnEventToo()
    {
        Assert.True(DeletionCodec.TryDecode(Encode(Deleted), out var read, out _));
        Assert.Equal(Deleted.Newest, read.Newest);
        Assert.Equal(Deleted with { Newest = read.Newest }, read);
        var bytes = new ArrayBufferWriter<byte>();
        Assert.Equal(EventManifests.SymbolDeleted, new EventEncoder().Encode(Deleted, bytes));
        Assert.True(new EventDecoder().TryDecodeEvent(EventManifests.SymbolDeleted, bytes.WrittenSpan, out var happened, out _));
        Assert.Equal(read, Assert.IsType<SymbolDeleted>(happened) with { Newest = read.Newest });
    }

    [Fact]
    public void DeletionOfASymbolWithoutSequencedRecords_ByALongName_ComesBackCut()
    {
        var nobody = new SymbolDeleted(Symbol.Economy, default, new string('é', 2 * SymbolDeleted.MaxName), []);
        Assert.True(DeletionCodec.TryDecode(Encode(nobody), out var read, out _));
        Assert.Equal((Symbol.Economy, SymbolDeleted.MaxName, 0), (read.Symbol, read.By.Length, read.Newest.Count));
    }

    [Fact]
    public void EveryFlippedBitAndEveryTornRow_IsNoticed()
    {
        Damage.IsNoticed(Encode(Deleted), static payload => DeletionCodec.TryDecode(payload, out _, out _));
    }

    internal static byte[] Encode(SymbolDeleted deleted)
    {
        var bytes = new ArrayBufferWriter<byte>();
        DeletionCodec.Encode(deleted, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}

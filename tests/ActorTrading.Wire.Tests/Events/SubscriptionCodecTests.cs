using System.Buffers;
using System.Buffers.Binary;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Wire.Tests.Events;

/// <summary>Changes of the list of subscribed symbols: they survive a round trip, and damage is detected.</summary>
public class SubscriptionCodecTests
{
    private static readonly Symbol[] Two = [Symbol.Parse("AAPL"), Symbol.Parse("BTC/USD")];

    [Theory]
    [InlineData(SubscriptionChange.Set)]
    [InlineData(SubscriptionChange.Added)]
    [InlineData(SubscriptionChange.Removed)]
    public void Change_ComesBack(SubscriptionChange change)
    {
        Assert.True(SubscriptionCodec.TryDecode(Encode(change, Two), out var read, out var symbols, out _));
        Assert.Equal(change, read);
        Assert.Equal(Two, symbols);
    }

    [Fact]
    public void EmptyList_AndTheEconomy_ComeBack()
    {
        Assert.True(SubscriptionCodec.TryDecode(Encode(SubscriptionChange.Set, []), out _, out var none, out _));
        Assert.Empty(none);
        Assert.True(SubscriptionCodec.TryDecode(Encode(SubscriptionChange.Set, [Symbol.Economy]), out _, out var economy, out _));
        Assert.Same(Symbol.Economy, Assert.Single(economy));
    }

    [Fact]
    public void ListTakenAway_ComesBack()
    {
        Assert.True(SubscriptionCodec.TryDecode(Encode(SubscriptionChange.Cleared, []), out var change, out var symbols, out _));
        Assert.Equal(SubscriptionChange.Cleared, change);
        Assert.Empty(symbols);
    }

    [Fact]
    public void Bytes_AreThoseOfTheDocument() =>
        Assert.Equal(
            "01" + "01" + "02" + "044141504c" + "074254432f555344", Convert.ToHexStringLower(Encode(SubscriptionChange.Added, Two)[..^4]));

    [Fact]
    public void EveryFlippedBitAndEveryTornRow_IsNoticed()
    {
        Damage.IsNoticed(
            Encode(SubscriptionChange.Added, Two), static payload => SubscriptionCodec.TryDecode(payload, out _, out _, out _));
    }

    [Theory]
    [InlineData("0104" + "00", Faults.OutOfRange)]
    [InlineData("0103" + "01" + "0141", Faults.OutOfRange)]
    [InlineData("0100" + "01" + "0320", Faults.Truncated)]
    [InlineData("0100" + "01" + "022020", Faults.BadSymbol)]
    [InlineData("0100" + "00" + "00", Faults.TrailingBytes)]
    [InlineData("0100" + "ff01", Faults.ImpossibleCount)]
    public void WhatNoEncoderWrites_IsRefused_EvenUnderARightChecksum(string hex, string fault)
    {
        var content = Convert.FromHexString(hex);
        var payload = new byte[content.Length + 4];
        content.CopyTo(payload, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(
            payload.AsSpan(content.Length), Crc32C.Of(content, PayloadSeal.Begin(EventManifests.Subscription)));
        Assert.False(SubscriptionCodec.TryDecode(payload, out _, out _, out var error));
        Assert.Equal(fault, error.Message);
    }

    private static byte[] Encode(SubscriptionChange change, Symbol[] symbols)
    {
        var bytes = new ArrayBufferWriter<byte>();
        SubscriptionCodec.Encode(change, symbols, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}

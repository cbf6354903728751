using System.Buffers;
using System.Buffers.Binary;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Wire.Tests.Snapshots;

/// <summary>Snapshots of the signal log: they survive a round trip, and damage is detected.</summary>
public class SignalLogCodecTests
{
    private const string Plan = "0000000000000000000000000000000100000000000000000000000000000002";
    private static readonly PlanHash First = new(1, 2);
    private static readonly PlanHash Second = new(3, UInt128.MaxValue);

    private static Dictionary<(Symbol, PlanHash), long> Three => new()
    {
        [(Symbol.Parse("AAPL"), First)] = 7, [(Symbol.Economy, Second)] = 1, [(Symbol.Parse("AAPL"), Second)] = long.MaxValue,
    };

    [Fact]
    public void Numbers_ComeBack_ThoseOfEveryPlan()
    {
        Assert.True(SignalLogCodec.TryDecode(Encode(1_234, Three), out var position, out var read, out _));
        Assert.Equal(1_234, position);
        Assert.Equal(Three, read);
    }

    [Fact]
    public void TenThousandSymbols_TakeTenBytesEach()
    {
        var many = Enumerable.Range(0, 10_000).ToDictionary(number => (Symbol.Parse($"S{number:d4}"), First), number => number + 1L);
        var payload = Encode(long.MaxValue, many);
        Assert.InRange(payload.Length, 80_000, 100_100);
        Assert.True(SignalLogCodec.TryDecode(payload, out _, out var read, out _));
        Assert.Equal(many, read);
    }

    [Fact]
    public void EveryFlippedBitAndEveryTornRow_IsNoticed()
    {
        Damage.IsNoticed(Encode(1_234, Three), static payload => SignalLogCodec.TryDecode(payload, out _, out _, out _));
    }

    [Theory]
    [InlineData("0100" + "00" + "00", Faults.OutOfRange)]
    [InlineData("0101" + "01" + "00", Faults.ImpossibleCount)]
    [InlineData("0101" + "00" + "ff01", Faults.ImpossibleCount)]
    [InlineData("0101" + "00" + "01" + "014100" + "01", Faults.UnknownPlan)]
    [InlineData("0101" + "01" + Plan + "01" + "022020" + "00" + "01", Faults.BadSymbol)]
    [InlineData("0101" + "01" + Plan + "01" + "0141" + "00" + "00", Faults.OutOfRange)]
    [InlineData("0101" + "01" + Plan + "02" + "0141" + "00" + "01" + "0141" + "00" + "02", Faults.Twice)]
    [InlineData("0101" + "01" + Plan + "01" + "0541" + "00" + "01", Faults.Truncated)]
    [InlineData("0101" + "00" + "00" + "00", Faults.TrailingBytes)]
    public void WhatNoEncoderWrites_IsRefused_EvenUnderARightChecksum(string hex, string fault)
    {
        var content = Convert.FromHexString(hex);
        var payload = new byte[content.Length + 4];
        content.CopyTo(payload, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(
            payload.AsSpan(content.Length), Crc32C.Of(content, PayloadSeal.Begin(EventManifests.SignalLog)));
        Assert.False(SignalLogCodec.TryDecode(payload, out _, out _, out var error));
        Assert.Equal(fault, error.Message);
    }

    private static byte[] Encode(long position, Dictionary<(Symbol, PlanHash), long> numbers)
    {
        var bytes = new ArrayBufferWriter<byte>();
        SignalLogCodec.Encode(position, numbers, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}

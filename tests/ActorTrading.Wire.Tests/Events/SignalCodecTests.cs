using System.Buffers;
using System.Buffers.Binary;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Wire.Tests.Events;

/// <summary>Entries of the signal log: they survive a round trip to the bit, and damage is detected.</summary>
public class SignalCodecTests
{
    private static readonly PlanHash Hash = Plan.Default.Hash;

    private static readonly Signal Storm = new(
        Symbol.Parse("BTC/USD"), 12, "0a1b2c3d", "Sturm ☂", "alert when volatility(100) > 0.005 on 1min", SignalAction.Alert,
        Frame.OneMinute, new(1_720_522_800_000_000_000), 3, new(1_720_522_860_000_000_001), 22_799_000_000,
        [new("volatility(100)@1min", BitConverter.Int64BitsToDouble(0x7ff8_0000_0000_1234)), new("close@1min", -0.0),
            new("x", double.MaxValue)],
        new Trigger(new(Source.Parse("feed a"), 3, 17), new(-5), 22_800_000_000));

    public static TheoryData<int> All => [0, 1, 2];

    [Theory]
    [MemberData(nameof(All))]
    public void Signal_ComesBackBitForBit(int number)
    {
        var signal = SignalOf(number);
        Assert.True(SignalCodec.TryDecode(Encode(signal), out var plan, out var read, out _));
        Assert.Equal(Hash, plan);
        Assert.Equal(signal with { Values = [] }, read with { Values = [] });
        Assert.Equal(signal.Values.Select(Bits), read.Values.Select(Bits));
        Assert.Equal(Encode(signal), Encode(read));

        static (string Name, long Bits) Bits(SignalValue value) => (value.Name, BitConverter.DoubleToInt64Bits(value.Value));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(8, 1)]
    [InlineData(18, 2)]
    public void Signal_KeepsTheDecimalsOfItsPrice(int decimals, byte version)
    {
        var signal = Storm with { PriceDecimals = decimals };
        Assert.True(SignalCodec.TryDecode(Encode(signal), out _, out var read, out _));
        Assert.Equal((decimals, version), (read.PriceDecimals, Encode(signal)[0]));
        Assert.Equal(signal.Trigger, read.Trigger);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EveryFlippedBitAndEveryTornRow_IsNoticed(int number)
    {
        Damage.IsNoticed(Encode(SignalOf(number)), static payload => SignalCodec.TryDecode(payload, out _, out _, out _));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EverythingCutShortOrTooLong_IsRefused_EvenUnderARightChecksum(int number)
    {
        var content = Encode(SignalOf(number))[..^4];
        for (var length = 1; length < content.Length; length++)
        {
            Assert.False(SignalCodec.TryDecode(Seal(content[..length]), out _, out _, out var error));
            Assert.InRange(error.Offset, 1, length);
        }

        Assert.False(SignalCodec.TryDecode(Seal([.. content, 0]), out _, out _, out var tooLong));
        Assert.Equal("bytes follow after the end", tooLong.Message);
    }

    [Fact]
    public void AnyByteChanged_IsReadOrRefused_EvenUnderARightChecksum()
    {
        var content = Encode(Storm)[..^4];
        var read = 0;
        for (var at = 1; at < content.Length; at++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7f, 0x80, 0xff })
            {
                var changed = content.ToArray();
                changed[at] = value;
                if (SignalCodec.TryDecode(Seal(changed), out _, out _, out var error)) read++;
                else Assert.InRange(error.Offset, 1, content.Length);
            }
        }

        Assert.InRange(read, 1, (5 * content.Length) - 1);
    }

    [Fact]
    public void RowUnderAnotherManifest_IsNoticed() =>
        Assert.False(new EventDecoder().TryDecode(EventManifests.TicksAccepted, Encode(Storm), out _, out _));

    private static Signal SignalOf(int number) => number switch
    {
        0 => Storm,
        1 => Storm with
        {
            Values = [], Trigger = new Trigger(Identity.Anonymous, new(long.MaxValue), 0), Symbol = Symbol.Economy, RuleName = "",
        },
        _ => Storm with
        {
            Symbol = Symbol.Parse(new string('L', Symbol.MaxLength)), Number = long.MaxValue, Ordinal = int.MaxValue, Frame = Frame.Tick,
            Time = new(long.MinValue), Price = long.MaxValue, RuleText = new string('é', 5_000), Action = SignalAction.Buy,
        },
    };

    private static byte[] Encode(Signal signal)
    {
        var output = new ArrayBufferWriter<byte>();
        SignalCodec.Encode(Hash, signal, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Seal(byte[] content)
    {
        var payload = new byte[content.Length + Crc32C.Size];
        content.CopyTo(payload, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(
            payload.AsSpan(content.Length), Crc32C.Of(content, PayloadSeal.Begin(EventManifests.Signal)));
        return payload;
    }
}

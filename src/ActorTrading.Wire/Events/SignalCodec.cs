using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Wire.Events;

/// <summary>
/// Codec of signals for the signal log: a signal and the hash of its plan, under the manifest <see cref="EventManifests.Signal"/>.
/// Lossless. Layout: docs/binary.md.
/// </summary>
public static class SignalCodec
{
    private const int MinValue = 1 + sizeof(long); // length of the name, the value

    /// <summary>Writes a signal.</summary>
    public static void Encode(in PlanHash plan, Signal signal, IBufferWriter<byte> output)
    {
        var writer = new PayloadWriter(output, EventManifests.Signal);
        writer.Room(1 + PlanHash.Length + 1 + Symbol.MaxLength + ByteWriter.MaxVarint);
        var hasUnits = signal.PriceDecimals != Fixed8.Decimals;
        writer.To.Byte(hasUnits ? EventManifests.UnitsVersion : EventManifests.Version);
        Span<byte> hash = stackalloc byte[PlanHash.Length];
        plan.CopyTo(hash);
        writer.To.Bytes(hash);
        writer.To.ShortText(signal.Symbol.Name);
        writer.To.Varint((ulong)signal.Number);
        WriteText(ref writer, signal.RuleId);
        WriteText(ref writer, signal.RuleName);
        WriteText(ref writer, signal.RuleText);
        writer.Room(1 + FrameCode.MaxLength + (2 * sizeof(long)) + (3 * ByteWriter.MaxVarint));
        writer.To.Byte((byte)signal.Action);
        writer.To.Frame(signal.Frame);
        writer.To.Int64(signal.BarTime.Nanoseconds);
        writer.To.Varint((ulong)signal.Ordinal);
        writer.To.Int64(signal.Time.Nanoseconds);
        writer.To.Zigzag(signal.Price);
        writer.To.Varint((ulong)signal.Values.Count);
        foreach (var (name, value) in signal.Values)
        {
            WriteText(ref writer, name);
            writer.Room(sizeof(long));
            writer.To.Int64(BitConverter.DoubleToInt64Bits(value));
        }

        writer.Room(1 + Source.MaxLength + (3 * ByteWriter.MaxVarint) + sizeof(long));
        writer.To.ShortText(signal.Trigger.Id.Source.Name);
        writer.To.Zigzag(signal.Trigger.Id.Epoch);
        writer.To.Zigzag(signal.Trigger.Id.Seq);
        writer.To.Int64(signal.Trigger.Time.Nanoseconds);
        writer.To.Zigzag(signal.Trigger.Price);
        writer.Room(1);
        if (hasUnits) writer.To.Byte((byte)signal.PriceDecimals);
        writer.Close();
    }

    /// <summary>Reads a signal of any plan.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public static bool TryDecode(
        ReadOnlySpan<byte> payload, out PlanHash plan, [NotNullWhen(true)] out Signal? signal, out CodecError error)
    {
        plan = default;
        signal = null;
        if (!PayloadSeal.TryOpen(EventManifests.Signal, payload, EventManifests.UnitsVersion, out var content, out error)) return false;
        var hash = content.Bytes(PlanHash.Length);
        var symbol = SnapshotCodec.SymbolOf(content.ShortBytes());
        if (symbol is null) content.Fail(Faults.BadSymbol);
        var number = content.Varint();
        var ruleId = ReadText(ref content);
        var ruleName = ReadText(ref content);
        var ruleText = ReadText(ref content);
        var action = (SignalAction)content.Byte();
        if (action is < SignalAction.Buy or > SignalAction.Withdrawn) content.Fail(Faults.OutOfRange);
        var frame = content.Frame();
        if (!frame.IsDefined()) content.Fail(Faults.OutOfRange);
        var barTime = new Timestamp(content.Int64());
        var ordinal = content.Varint();
        var time = new Timestamp(content.Int64());
        var price = content.Zigzag();
        if (number is 0 or > long.MaxValue || ordinal > int.MaxValue) content.Fail(Faults.OutOfRange);
        var values = new SignalValue[content.Count(MinValue)];
        for (var i = 0; i < values.Length; i++)
        {
            var name = ReadText(ref content);
            values[i] = new SignalValue(name, BitConverter.Int64BitsToDouble(content.Int64()));
        }

        var sender = content.ShortBytes();
        if (!Source.TryParse(Encoding.Latin1.GetString(sender), out var source)) content.Fail(Faults.BadSource);
        var epoch = content.Zigzag();
        var seq = content.Zigzag();
        var triggerTime = new Timestamp(content.Int64());
        var trigger = new Trigger(new Identity(source ?? Source.Anonymous, epoch, seq), triggerTime, content.Zigzag());
        var decimals = payload[0] == EventManifests.UnitsVersion ? content.Byte() : Fixed8.Decimals;
        if (decimals > Units.MaxDecimals) content.Fail(Faults.BadUnits);
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (content.Failed)
        {
            error = new(content.Position, content.Fault!);
            return false;
        }

        plan = PlanHash.FromBytes(hash);
        signal = new Signal(
            symbol!, (long)number, ruleId, ruleName, ruleText, action, frame, barTime, (int)ordinal, time, price, values, trigger)
        {
            PriceDecimals = decimals,
        };
        return true;
    }

    private static void WriteText(ref PayloadWriter writer, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        writer.Room(ByteWriter.MaxVarint + size);
        writer.To.Varint((ulong)size);
        writer.To.Utf8(text, size);
    }

    private static string ReadText(ref ByteReader content)
    {
        var bytes = content.Bytes(content.Count(1));
        if (!Utf8.IsValid(bytes)) content.Fail(Faults.BadText);
        return content.Failed ? "" : Encoding.UTF8.GetString(bytes);
    }
}

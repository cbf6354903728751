using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Wire.Snapshots;

/// <summary>
/// Codec of the signal log's index for snapshot stores, under the manifest <see cref="EventManifests.SignalLog"/>: the number of the last
/// signal of each symbol under each plan, up to a position. Layout: docs/binary.md.
/// </summary>
public static class SignalLogCodec
{
    private const int MinEntry = 4; // length of the name, one character, plan, number

    /// <summary>Writes a snapshot.</summary>
    /// <param name="position">The last position covered, from 1.</param>
    /// <param name="lastNumbers">The number of the last signal, from 1, of each symbol under each plan.</param>
    public static void Encode(
        long position, IReadOnlyCollection<KeyValuePair<(Symbol Symbol, PlanHash Plan), long>> lastNumbers, IBufferWriter<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1);
        var plans = new Dictionary<PlanHash, int>();
        foreach (var (key, _) in lastNumbers) plans.TryAdd(key.Plan, plans.Count);
        var writer = new PayloadWriter(output, EventManifests.SignalLog);
        writer.Room(1 + (2 * ByteWriter.MaxVarint));
        writer.To.Byte(EventManifests.Version);
        writer.To.Varint((ulong)position);
        writer.To.Varint((ulong)plans.Count);
        Span<byte> hash = stackalloc byte[PlanHash.Length];
        foreach (var (plan, _) in plans.OrderBy(static plan => plan.Value))
        {
            plan.CopyTo(hash);
            writer.Room(PlanHash.Length);
            writer.To.Bytes(hash);
        }

        writer.Room(ByteWriter.MaxVarint);
        writer.To.Varint((ulong)lastNumbers.Count);
        foreach (var (key, number) in lastNumbers)
        {
            writer.Room(1 + Symbol.MaxLength + (2 * ByteWriter.MaxVarint));
            writer.To.ShortText(key.Symbol.Name);
            writer.To.Varint((ulong)plans[key.Plan]);
            writer.To.Varint((ulong)number);
        }

        writer.Close();
    }

    /// <summary>Reads a snapshot.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public static bool TryDecode(
        ReadOnlySpan<byte> payload,
        out long position,
        [NotNullWhen(true)] out Dictionary<(Symbol Symbol, PlanHash Plan), long>? lastNumbers,
        out CodecError error)
    {
        position = 0;
        lastNumbers = null;
        if (!PayloadSeal.TryOpen(EventManifests.SignalLog, payload, out var content, out error)) return false;
        var upTo = content.Varint();
        if (upTo is 0 or > long.MaxValue) content.Fail(Faults.OutOfRange);
        var plans = new PlanHash[content.Count(PlanHash.Length)];
        for (var i = 0; i < plans.Length; i++) plans[i] = PlanHash.FromBytes(content.Bytes(PlanHash.Length));
        var count = content.Count(MinEntry);
        var read = new Dictionary<(Symbol, PlanHash), long>(count);
        for (var i = 0; i < count && !content.Failed; i++) ReadEntry(ref content, plans, read);
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (content.Failed)
        {
            error = new(content.Position, content.Fault!);
            return false;
        }

        position = (long)upTo;
        lastNumbers = read;
        return true;
    }

    private static void ReadEntry(ref ByteReader content, PlanHash[] plans, Dictionary<(Symbol, PlanHash), long> read)
    {
        var symbol = SnapshotCodec.SymbolOf(content.ShortBytes());
        if (symbol is null) content.Fail(Faults.BadSymbol);
        var plan = content.Varint();
        if (plan >= (ulong)plans.Length) content.Fail(Faults.UnknownPlan);
        var number = content.Varint();
        if (number is 0 or > long.MaxValue) content.Fail(Faults.OutOfRange);
        if (!content.Failed && !read.TryAdd((symbol!, plans[plan]), (long)number)) content.Fail(Faults.Twice);
    }
}

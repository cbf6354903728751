using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Wire.Events;

/// <summary>A change of a symbol's exclusions: one added or one removed.</summary>
/// <param name="Added">The exclusion that becomes active; null for a removal.</param>
/// <param name="TakenBack">The number of the exclusion that is removed; 0 for an addition.</param>
/// <param name="Time">Time of the request.</param>
/// <param name="By">Name of the requester; empty if unknown.</param>
public sealed record ExclusionChange(Symbol Symbol, Exclusion? Added, long TakenBack, Timestamp Time, string By);

/// <summary>
/// Codec of a change of a symbol's exclusions for the journal, under the manifest <see cref="EventManifests.Exclusion"/>. Layout:
/// docs/binary.md.
/// </summary>
public static class ExclusionCodec
{
    private const byte Adds = 0;
    private const byte TakesBack = 1;

    [Flags]
    private enum Given : byte
    {
        Source = 1,
        Epoch = 2,
        Seq = 4,
        From = 8,
        To = 16,
    }

    /// <summary>Writes a change.</summary>
    public static void Encode(ExclusionChange change, IBufferWriter<byte> output)
    {
        var writer = new PayloadWriter(output, EventManifests.Exclusion);
        writer.Room(3 + (2 * (1 + Symbol.MaxLength)) + Source.MaxLength + (5 * ByteWriter.MaxVarint) + (3 * sizeof(long))
            + Encoding.UTF8.GetByteCount(change.By));
        writer.To.Byte(EventManifests.Version);
        writer.To.Byte(change.Added is null ? TakesBack : Adds);
        writer.To.ShortText(change.Symbol.Name);
        writer.To.Int64(change.Time.Nanoseconds);
        writer.To.ShortText(change.By);
        if (change.Added is { } added) Write(ref writer, added);
        else writer.To.Varint((ulong)change.TakenBack);
        writer.Close();
    }

    /// <summary>Reads a change.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ExclusionChange? change, out CodecError error)
    {
        change = null;
        if (!PayloadSeal.TryOpen(EventManifests.Exclusion, payload, out var content, out error)) return false;
        var kind = content.Byte();
        if (kind > TakesBack) content.Fail(Faults.OutOfRange);
        var symbol = SnapshotCodec.SymbolOf(content.ShortBytes());
        if (symbol is null) content.Fail(Faults.BadSymbol);
        var time = new Timestamp(content.Int64());
        var by = content.ShortBytes();
        var name = Encoding.UTF8.GetString(by);
        Exclusion? added = null;
        var takenBack = 0UL;
        if (kind == Adds) added = Read(ref content, time, name);
        else if ((takenBack = content.Varint()) is 0 or > long.MaxValue) content.Fail(Faults.OutOfRange);
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (content.Failed)
        {
            error = new(content.Position, content.Fault!);
            return false;
        }

        change = new ExclusionChange(symbol!, added, (long)takenBack, time, name);
        return true;
    }

    private static void Write(ref PayloadWriter writer, Exclusion added)
    {
        var filter = added.Filter;
        writer.To.Byte((byte)(Flag(filter.Source, Given.Source) | Flag(filter.Epoch, Given.Epoch) | Flag(filter.Seq, Given.Seq)
            | Flag(filter.From, Given.From) | Flag(filter.To, Given.To)));
        if (filter.Source is { } source) writer.To.ShortText(source.Name);
        if (filter.Epoch is { } epoch) writer.To.Zigzag(epoch);
        if (filter.Seq is { } seq) writer.To.Zigzag(seq);
        if (filter.From is { } from) writer.To.Int64(from.Nanoseconds);
        if (filter.To is { } to) writer.To.Int64(to.Nanoseconds);
        writer.To.Varint((ulong)added.UpTo);
        writer.To.Varint((ulong)added.Records);
        NewestIdentities.Write(ref writer, added.Newest);
    }

    private static Exclusion Read(ref ByteReader content, Timestamp time, string by)
    {
        var given = (Given)content.Byte();
        var filter = new RecordFilter(
            given.HasFlag(Given.Source) ? NewestIdentities.ReadSource(ref content) : null,
            given.HasFlag(Given.Epoch) ? content.Zigzag() : null,
            given.HasFlag(Given.Seq) ? content.Zigzag() : null,
            given.HasFlag(Given.From) ? new Timestamp(content.Int64()) : null,
            given.HasFlag(Given.To) ? new Timestamp(content.Int64()) : null);
        if (given == 0 || given >= (Given)(2 * (int)Given.To)) content.Fail(Faults.OutOfRange);
        var upTo = content.Varint();
        var records = content.Varint();
        if (upTo is 0 or > long.MaxValue || records is 0 or > long.MaxValue) content.Fail(Faults.OutOfRange);
        var newest = NewestIdentities.Read(ref content);
        return new Exclusion { Filter = filter, UpTo = (long)upTo, Records = (long)records, Newest = newest, Time = time, By = by };
    }

    private static Given Flag<T>(T? value, Given flag) => value is null ? 0 : flag;
}

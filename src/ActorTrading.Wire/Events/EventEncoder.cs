using System.Buffers;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Events;

/// <summary>
/// Encoder of journal events; layout in docs/binary.md. Equal events give equal bytes. No allocation in steady state. Not thread-safe.
/// </summary>
public sealed class EventEncoder
{
    private const int MaxHeader = 1 + 1 + Symbol.MaxLength + 3 + ByteWriter.MaxVarint;
    private const int MaxRun = UnitBytes.Length + (3 * ByteWriter.MaxVarint);
    private const int MaxRowHead = 1 + (2 * ByteWriter.MaxVarint);

    private readonly Dictionary<Source, int> sourceNumbers = [];
    private Source[] sources = new Source[8];
    private long[] lastSeqs = new long[8];

    /// <summary>Writes any event; returns its manifest.</summary>
    /// <exception cref="ArgumentException">See <see cref="EncodeRecords"/>.</exception>
    public string Encode(SymbolEvent happened, IBufferWriter<byte> output) => happened switch
    {
        RecordsAccepted accepted => EncodeRecords(accepted.Symbol, Span(accepted.Records), output),
        ClockAdvanced advanced => EncodeClock(advanced.Symbol, advanced.To, output),
        SymbolDeleted deleted => DeletionCodec.Encode(deleted, output),
        _ => throw new ArgumentException($"{happened.GetType().Name} is not an event of the journal.", nameof(happened)),
    };

    /// <summary>
    /// Writes <see cref="RecordsAccepted"/>; returns its manifest: <see cref="EventManifests.TicksAccepted"/> if all records are ticks.
    /// </summary>
    /// <exception cref="ArgumentException">There is no record, or a record is of another symbol or an unknown kind, or has a text longer
    /// than the format allows. Such records do not pass the rules of admission and could not be decoded. Nothing was written.</exception>
    public string EncodeRecords(Symbol symbol, ReadOnlySpan<Record> records, IBufferWriter<byte> output)
    {
        if (records.IsEmpty) throw new ArgumentException("An event holds at least one record.", nameof(records));
        var scales = Survey(symbol, records, out var areTicks);
        var manifest = areTicks ? EventManifests.TicksAccepted : EventManifests.RecordsAccepted;
        var writer = new PayloadWriter(output, manifest);
        WriteHeader(ref writer, symbol, scales, records.Length);
        var lastTime = 0L;
        var lastPrice = 0L;
        while (!records.IsEmpty)
        {
            var run = RunLength(records);
            var source = NumberOf(records[0].Id.Source);
            writer.Room(MaxRun);
            writer.To.Varint((ulong)source);
            writer.To.Zigzag(records[0].Id.Epoch);
            if (scales.HasUnits) writer.To.Units(records[0].Units);
            writer.To.Varint((ulong)run);
            ref var lastSeq = ref lastSeqs[source];
            foreach (ref readonly var record in records[..run])
            {
                if (areTicks) WriteTick(ref writer, record, scales, ref lastSeq, ref lastTime, ref lastPrice);
                else WriteRecord(ref writer, record, scales, ref lastSeq, ref lastTime);
            }

            records = records[run..];
        }

        writer.Close();
        return manifest;
    }

    /// <summary>Writes <see cref="ClockAdvanced"/>; returns its manifest.</summary>
    public string EncodeClock(Symbol symbol, Timestamp to, IBufferWriter<byte> output)
    {
        var writer = new PayloadWriter(output, EventManifests.ClockAdvanced);
        writer.Room(MaxHeader);
        writer.To.Byte(EventManifests.Version);
        writer.To.ShortText(symbol.Name);
        writer.To.Int64(to.Nanoseconds);
        writer.Close();
        return EventManifests.ClockAdvanced;
    }

    /// <summary>Checks the records, numbers their sources, and determines their common exponents.</summary>
    private EventScales Survey(Symbol symbol, ReadOnlySpan<Record> records, out bool areTicks)
    {
        sourceNumbers.Clear();
        areTicks = true;
        var hasUnits = false;
        var (time, price, size) = (Scale.MaxTimeExponent, Scale.MaxExponent, Scale.MaxExponent);
        Source? last = null;
        foreach (ref readonly var record in records)
        {
            if (!ReferenceEquals(record.Symbol, symbol) && !record.Symbol.Equals(symbol))
                throw new ArgumentException($"A record of {record.Symbol} in an event of {symbol}.", nameof(records));
            if (!FieldRoles.IsKnown(record.Kind))
                throw new ArgumentException($"Kind {(byte)record.Kind} is not known.", nameof(records));
            if (record.Text?.Length > RecordBody.MaxTextLength)
                throw new ArgumentException($"A record's text has at most {RecordBody.MaxTextLength} characters.", nameof(records));
            if (!ReferenceEquals(record.Id.Source, last)) Number(last = record.Id.Source);
            areTicks &= FieldRoles.IsPlainTick(record);
            hasUnits |= !record.Units.IsDefault || FieldRoles.IsWide(record);
            time = Scale.CommonTime(time, record.Time.Nanoseconds);
            Scale.Fit(record, ref price, ref size);
        }

        return new EventScales(time, price, size, hasUnits);
    }

    private void Number(Source source)
    {
        var number = sourceNumbers.Count;
        if (!sourceNumbers.TryAdd(source, number)) return;
        if (number == sources.Length)
        {
            Array.Resize(ref sources, 2 * number);
            Array.Resize(ref lastSeqs, 2 * number);
        }

        sources[number] = source;
        lastSeqs[number] = Identity.None;
    }

    private int NumberOf(Source source) =>
        ReferenceEquals(sources[0], source) ? 0 : sourceNumbers[source];

    private void WriteHeader(ref PayloadWriter writer, Symbol symbol, EventScales scales, int count)
    {
        writer.Room(MaxHeader);
        writer.To.Byte(scales.HasUnits ? EventManifests.UnitsVersion : EventManifests.Version);
        writer.To.ShortText(symbol.Name);
        writer.To.Byte((byte)scales.TimeExponent);
        writer.To.Byte((byte)scales.PriceExponent);
        writer.To.Byte((byte)scales.SizeExponent);
        writer.To.Varint((ulong)sourceNumbers.Count);
        for (var i = 0; i < sourceNumbers.Count; i++)
        {
            writer.Room(1 + Source.MaxLength);
            writer.To.ShortText(sources[i].Name);
        }

        writer.Room(ByteWriter.MaxVarint);
        writer.To.Varint((ulong)count);
    }

    /// <summary>Number of records, from the first one on, with the same source and epoch.</summary>
    private static int RunLength(ReadOnlySpan<Record> records)
    {
        var first = records[0].Id;
        var length = 1;
        while (length < records.Length
            && records[length].Id.Epoch == first.Epoch && records[length].Units == records[0].Units
            && (ReferenceEquals(records[length].Id.Source, first.Source) || records[length].Id.Source.Equals(first.Source)))
        {
            length++;
        }

        return length;
    }

    private static void WriteTick(
        ref PayloadWriter writer, in Record tick, in EventScales scales, ref long lastSeq, ref long lastTime, ref long lastPrice)
    {
        writer.Room(MaxRowHead + (2 * ByteWriter.MaxVarint));
        WriteSeqAndTime(ref writer.To, tick, scales, ref lastSeq, ref lastTime);
        var price = tick.A / scales.Price;
        writer.To.Zigzag(price - lastPrice);
        lastPrice = price;
        writer.To.Zigzag(tick.B / scales.Size);
    }

    private static void WriteRecord(
        ref PayloadWriter writer, in Record record, in EventScales scales, ref long lastSeq, ref long lastTime)
    {
        writer.Room(MaxRowHead + RecordBody.Room(record));
        writer.To.Byte(FieldRoles.CodeOf(record));
        WriteSeqAndTime(ref writer.To, record, scales, ref lastSeq, ref lastTime);
        RecordBody.Write(ref writer.To, record, scales.Price, scales.Size);
    }

    private static void WriteSeqAndTime(
        ref ByteWriter to, in Record record, in EventScales scales, ref long lastSeq, ref long lastTime)
    {
        to.Zigzag(record.Id.Seq - SeqChain.After(lastSeq));
        lastSeq = record.Id.Seq;
        var time = record.Time.Nanoseconds / scales.Time;
        to.Zigzag(time - lastTime);
        lastTime = time;
    }

    private static ReadOnlySpan<Record> Span(IReadOnlyList<Record> records) => records switch
    {
        Record[] array => array,
        List<Record> list => CollectionsMarshal.AsSpan(list),
        _ => records.ToArray(),
    };
}

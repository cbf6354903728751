using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Text;
using SourceTable = ActorTrading.Wire.Text.SourceTable;

namespace ActorTrading.Wire.Events;

/// <summary>
/// Decoder of events written by <see cref="EventEncoder"/> of this or any earlier version. A payload is decoded completely or rejected.
/// Allocates only for new symbols and sources, never more than the payload can contain. The records are in an array of the shared pool,
/// which <see cref="Dispose"/> returns. Not thread-safe.
/// </summary>
/// <param name="symbols">The table of known symbols, which decoders can share; null for a table of its own.</param>
/// <param name="sources">The table of known sources, which decoders can share; null for a table of its own.</param>
public sealed class EventDecoder(SymbolTable? symbols = null, SourceTable? sources = null) : IDisposable
{
    private const int MinTickRow = 4; // seq, time, price, size
    private const int MinRecordRow = 4; // kind, seq, time, mask
    private const int MinSource = 2; // length, one character

    private readonly SymbolTable symbolTable = symbols ?? new();
    private readonly SourceTable sourceTable = sources ?? new();
    private readonly TextCache texts = new();
    private Record[] records = []; // from the shared pool
    private Source[] eventSources = new Source[8];
    private long[] lastSeqs = new long[8];

    /// <summary>Reads a payload into this decoder's buffer.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public bool TryDecode(string manifest, ReadOnlySpan<byte> payload, out DecodedEvent decoded, out CodecError error)
    {
        decoded = default;
        if (manifest == EventManifests.SymbolDeleted)
        {
            if (!DeletionCodec.TryDecode(payload, out var deleted, out error)) return false;
            decoded = new DecodedEvent(deleted);
            return true;
        }

        if (manifest is not (EventManifests.TicksAccepted or EventManifests.RecordsAccepted or EventManifests.ClockAdvanced))
        {
            error = new(0, Faults.UnknownManifest);
            return false;
        }

        var newest = manifest == EventManifests.ClockAdvanced ? EventManifests.Version : EventManifests.UnitsVersion;
        if (!PayloadSeal.TryOpen(manifest, payload, newest, out var content, out error)) return false;
        var hasUnits = payload[0] == EventManifests.UnitsVersion;
        var at = content.Position;
        if (!TryGetSymbol(content.ShortBytes(), out var symbol) && !content.Failed)
        {
            error = new(at, Faults.BadSymbol);
            return false;
        }

        if (manifest == EventManifests.ClockAdvanced)
        {
            var clock = new Timestamp(content.Int64());
            if (!content.Failed) decoded = new DecodedEvent(symbol!, clock);
        }
        else
        {
            var count = ReadRecords(ref content, manifest == EventManifests.TicksAccepted, hasUnits, symbol!);
            if (!content.Failed) decoded = new DecodedEvent(symbol!, records.AsSpan(0, count));
        }

        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (!content.Failed) return true;
        decoded = default;
        error = new(content.Position, content.Fault!);
        return false;
    }

    /// <summary>Reads a payload into an independent event object.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public bool TryDecodeEvent(
        string manifest, ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SymbolEvent? happened, out CodecError error)
    {
        happened = TryDecode(manifest, payload, out var decoded, out error) ? decoded.ToEvent() : null;
        return happened is not null;
    }

    /// <summary>Returns the records' memory to the pool: the last decoded records must not be used any more.</summary>
    public void Dispose()
    {
        if (records.Length > 0) ArrayPool<Record>.Shared.Return(records);
        records = [];
    }

    private int ReadRecords(ref ByteReader content, bool areTicks, bool hasUnits, Symbol symbol)
    {
        var (time, price, size) = (content.Byte(), content.Byte(), content.Byte());
        if (!Scale.IsTimeExponent(time) || price > Scale.MaxExponent || size > Scale.MaxExponent)
        {
            content.Fail(Faults.BadExponent);
            return 0;
        }

        var scales = new EventScales(time, price, size, hasUnits);
        var sourceCount = ReadSources(ref content);
        var count = content.Count(areTicks ? MinTickRow : MinRecordRow);
        if (count == 0) content.Fail(Faults.EmptyRun);
        if (records.Length < count) Rent(count);
        var lastTime = 0L;
        var lastPrice = 0L;
        for (var read = 0; read < count && !content.Failed;)
        {
            var source = content.Varint();
            var epoch = content.Zigzag();
            var units = hasUnits ? content.Units() : default;
            var run = content.Varint();
            if (source >= (ulong)sourceCount) content.Fail(Faults.UnknownSource);
            else if (run == 0) content.Fail(Faults.EmptyRun);
            else if (run > (ulong)(count - read)) content.Fail(Faults.ImpossibleCount);
            if (content.Failed) break;
            var into = records.AsSpan(read, (int)run);
            var name = eventSources[source];
            ref var lastSeq = ref lastSeqs[source];
            if (areTicks) ReadTicks(ref content, into, symbol, name, epoch, scales, ref lastSeq, ref lastTime, ref lastPrice);
            else ReadRun(ref content, into, symbol, name, epoch, scales, ref lastSeq, ref lastTime);
            if (!units.IsDefault && !content.Failed) SetUnits(into, units);
            read += (int)run;
        }

        return count;
    }

    private void Rent(int count)
    {
        Dispose();
        records = ArrayPool<Record>.Shared.Rent(count);
    }

    private static void SetUnits(Span<Record> records, Units units)
    {
        foreach (ref var record in records) record = record.In(units);
    }

    private int ReadSources(ref ByteReader content)
    {
        var count = content.Count(MinSource);
        if (eventSources.Length < count)
        {
            Array.Resize(ref eventSources, count);
            Array.Resize(ref lastSeqs, count);
        }

        for (var i = 0; i < count; i++)
        {
            if (!sourceTable.TryGet(content.ShortBytes(), out var source))
            {
                content.Fail(Faults.BadSource);
                return 0;
            }

            eventSources[i] = source;
            lastSeqs[i] = Identity.None;
        }

        return count;
    }

    private static void ReadTicks(
        ref ByteReader content, Span<Record> into, Symbol symbol, Source source, long epoch, in EventScales scales,
        ref long lastSeq, ref long lastTime, ref long lastPrice)
    {
        for (var i = 0; i < into.Length; i++)
        {
            lastSeq = SeqChain.After(lastSeq) + content.Zigzag();
            lastTime += content.Zigzag();
            lastPrice += content.Zigzag();
            var isInRange = Scale.TryExpand(lastTime, scales.Time, out var time)
                & Scale.TryExpand(lastPrice, scales.Price, out var price)
                & Scale.TryExpand(content.Zigzag(), scales.Size, out var size);
            if (!isInRange) content.Fail(Faults.OutOfRange);
            if (content.Failed) return;
            Record.SetTick(out into[i], symbol, new Identity(source, epoch, lastSeq), new(time), (price, size, default));
        }
    }

    private void ReadRun(
        ref ByteReader content, Span<Record> into, Symbol symbol, Source source, long epoch, in EventScales scales,
        ref long lastSeq, ref long lastTime)
    {
        for (var i = 0; i < into.Length; i++)
        {
            var code = content.Byte();
            lastSeq = SeqChain.After(lastSeq) + content.Zigzag();
            lastTime += content.Zigzag();
            if (!FieldRoles.IsKnownCode(code) || (code == FieldRoles.WideBar && !scales.HasUnits)) content.Fail(Faults.UnknownKind);
            if (!Scale.TryExpand(lastTime, scales.Time, out var time)) content.Fail(Faults.OutOfRange);
            var fault = RecordBody.Read(
                ref content, code, symbol, new Identity(source, epoch, lastSeq), new(time), scales.Price, scales.Size, texts, out into[i]);
            if (fault is not null) content.Fail(fault);
            if (content.Failed) return;
        }
    }

    private bool TryGetSymbol(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Symbol? symbol)
    {
        // The name of the economy is not valid input for a symbol table.
        symbol = Ascii.Equals(name, Symbol.Economy.Name) ? Symbol.Economy : null;
        return symbol is not null || symbolTable.TryGet(name, out symbol);
    }
}

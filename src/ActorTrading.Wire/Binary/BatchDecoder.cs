using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Binary;

/// <summary>
/// Decodes complete frames with a correct checksum. Keeps the names that the stream has defined; otherwise a batch does not depend on
/// earlier frames.
/// Long because it has a method for each frame and checks each field.
/// </summary>
internal sealed class BatchDecoder
{
    private readonly IRecordSink sink;
    private readonly int maxNames;
    private readonly SymbolTable symbolTable;
    private readonly SourceTable sourceTable;
    private readonly TextCache texts = new();
    private NumberedSymbol[] symbols = new NumberedSymbol[64];
    private Source?[] sources = new Source?[8];
    private int symbolCount = 1;
    private int sourceCount = 1;

    // The current frame, and the values of the row before.
    private long frameNumber;
    private long frameOffset;
    private int timeExponent;
    private long lastTime;
    private int lastSource;
    private long lastEpoch;
    private long lastSeq;

    public BatchDecoder(IRecordSink sink, int maxNames, SymbolTable symbolTable, SourceTable sourceTable)
    {
        this.symbolTable = symbolTable;
        this.sourceTable = sourceTable;
        this.sink = sink;
        this.maxNames = maxNames;
        symbols[0] = new NumberedSymbol { Symbol = Symbol.Economy, PriceScale = 1, SizeScale = 1 };
        sources[0] = Source.Anonymous;
    }

    /// <summary>Reads type and payload of a frame. <paramref name="offset"/> is where its length began.</summary>
    public void Read(ReadOnlySpan<byte> frame, long number, long offset)
    {
        frameNumber = number;
        frameOffset = offset;
        var payload = new ByteReader(frame);
        switch ((FrameType)payload.Byte())
        {
            case FrameType.Symbol:
                ReadSymbol(ref payload, frame, hasUnits: false);
                break;
            case FrameType.SymbolInUnits:
                ReadSymbol(ref payload, frame, hasUnits: true);
                break;
            case FrameType.Source:
                ReadSource(ref payload, frame);
                break;
            case FrameType.Ticks:
                if (ReadBatchHead(ref payload, frame, BinaryFormat.MinTickRow, out var ticks)) ReadTicks(ref payload, frame, ticks);
                break;
            case FrameType.Records:
                if (ReadBatchHead(ref payload, frame, BinaryFormat.MinRecordRow, out var records)) ReadRecords(ref payload, frame, records);
                break;
            default:
                Reject(RejectReason.UnknownKind, $"frame type {frame[0]} is not known", 0, frame);
                break;
        }
    }

    private void ReadSymbol(ref ByteReader payload, ReadOnlySpan<byte> frame, bool hasUnits)
    {
        var number = payload.Varint();
        var (priceExponent, sizeExponent) = (payload.Byte(), payload.Byte());
        var units = hasUnits ? payload.Units() : default;
        var name = payload.Bytes(payload.Remaining);
        if (payload.Failed)
            Reject(RejectReason.Malformed, payload.Fault!, payload.Position, frame);
        else if (priceExponent > Scale.MaxExponent || sizeExponent > Scale.MaxExponent)
            Reject(RejectReason.Malformed, Faults.BadExponent, payload.Position, frame);
        else if (!IsNextOrKnown(number, symbolCount))
            Reject(RejectReason.BadSymbol, $"symbol number {number}, expected {symbolCount}; at most {maxNames}", 1, frame);
        else
            DefineSymbol((int)number, name, (priceExponent, sizeExponent), units, frame);
    }

    private void DefineSymbol(int number, ReadOnlySpan<byte> name, (int Price, int Size) exponents, Units units, ReadOnlySpan<byte> frame)
    {
        if (number == symbols.Length) Array.Resize(ref symbols, 2 * number);
        ref var slot = ref symbols[number];
        if (number == symbolCount) symbolCount++;
        if (slot.Symbol is null || !NameEquals(slot.Symbol.Name, name))
        {
            // An invalid symbol leaves its number undefined, so that its rows are rejected instead of attributed to another symbol.
            slot.Symbol = symbolTable.TryGet(name, out var symbol) ? symbol : null;
        }

        slot.PriceScale = Scale.Of(exponents.Price);
        slot.SizeScale = Scale.Of(exponents.Size);
        slot.Units = units;
        if (slot.Symbol is null) Reject(RejectReason.BadSymbol, Excerpt(name), 1, frame);
    }

    private void ReadSource(ref ByteReader payload, ReadOnlySpan<byte> frame)
    {
        var number = payload.Varint();
        var name = payload.Bytes(payload.Remaining);
        if (payload.Failed)
        {
            Reject(RejectReason.Malformed, payload.Fault!, payload.Position, frame);
            return;
        }

        if (!IsNextOrKnown(number, sourceCount))
        {
            Reject(RejectReason.BadSource, $"source number {number}, expected {sourceCount}; at most {maxNames}", 1, frame);
            return;
        }

        if ((int)number == sources.Length) Array.Resize(ref sources, 2 * sources.Length);
        if ((int)number == sourceCount) sourceCount++;
        sources[number] = sourceTable.TryGet(name, out var source) ? source : null;
        if (sources[number] is null) Reject(RejectReason.BadSource, Excerpt(name), 1, frame);
    }

    /// <summary>
    /// Whether the number is the next new one or already defined. Number 0 is predefined; the others are assigned in order and may be
    /// redefined.
    /// </summary>
    private bool IsNextOrKnown(ulong number, int count) => number >= 1 && number <= (ulong)Math.Min(count, maxNames);

    private bool ReadBatchHead(ref ByteReader payload, ReadOnlySpan<byte> frame, int bytesEach, out int rows)
    {
        timeExponent = payload.Byte();
        if (!Scale.IsTimeExponent(timeExponent)) payload.Fail(Faults.BadExponent);
        rows = payload.Count(bytesEach);
        lastTime = 0;
        lastSource = 0;
        lastEpoch = 0;
        lastSeq = Identity.None;
        if (payload.Failed) Reject(RejectReason.Malformed, payload.Fault!, payload.Position, frame);
        return !payload.Failed;
    }

    private void ReadTicks(ref ByteReader payload, ReadOnlySpan<byte> frame, int rows)
    {
        var timeScale = Scale.Of(timeExponent);
        for (var row = 0; row < rows; row++)
        {
            var start = payload.Position;
            var number = ReadHead(ref payload);
            var (priceStep, size) = (payload.Zigzag(), payload.Zigzag());
            if (payload.Failed)
            {
                RejectRest(payload, frame, row, rows);
                return;
            }

            if (number >= (ulong)symbolCount || sources[lastSource] is not { } source)
            {
                RejectUnnamed(number, frame[start..payload.Position], start);
                continue;
            }

            ref var symbol = ref symbols[number];
            var price = priceStep + (symbol.Frame == frameNumber ? symbol.LastPrice : 0);
            symbol.LastPrice = price;
            symbol.Frame = frameNumber;
            var isInRange = Scale.TryExpand(lastTime, timeScale, out var time)
                & Scale.TryExpand(price, symbol.PriceScale, out price)
                & Scale.TryExpand(size, symbol.SizeScale, out size);
            var id = new Identity(source, lastEpoch, lastSeq);
            if (number != 0 && symbol.Symbol is not null && isInRange)
            {
                Record.SetTick(out var record, symbol.Symbol, id, new(time), (price, size, symbol.Units));
                sink.OnRecord(record);
            }
            else if (isInRange)
                RejectUnnamed(number, frame[start..payload.Position], start);
            else
                Reject(RejectReason.OutOfRange, Faults.OutOfRange, start, frame[start..payload.Position], id);
        }

        RejectTrailing(payload, frame);
    }

    private void ReadRecords(ref ByteReader payload, ReadOnlySpan<byte> frame, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var length = payload.Varint();
            var start = payload.Position;
            var bytes = payload.Bytes((int)Math.Min(length, int.MaxValue));
            if (!payload.Failed && ReadRecord(bytes, start) is { } fault) payload.Fail(fault);
            if (payload.Failed)
            {
                RejectRest(payload, frame, row, rows);
                return;
            }
        }

        RejectTrailing(payload, frame);
    }

    /// <summary>Reads one row. Returns an error if the head cannot be read, because later rows depend on it.</summary>
    private string? ReadRecord(ReadOnlySpan<byte> bytes, int start)
    {
        var row = new ByteReader(bytes);
        var code = row.Byte();
        var kind = (RecordKind)code;
        var number = ReadHead(ref row);
        if (row.Failed) return row.Fault;
        var id = new Identity(sources[lastSource] ?? Source.Anonymous, lastEpoch, lastSeq);
        if (!FieldRoles.IsKnownCode(code))
        {
            Reject(RejectReason.UnknownKind, $"kind {(byte)kind} is not known", start, bytes, id);
            return null;
        }

        if (sources[lastSource] is null || number >= (ulong)symbolCount
            || symbols[number].Symbol is not { } name || (kind == RecordKind.EconomicIndicator) != (number == 0))
        {
            RejectUnnamed(number, bytes, start);
            return null;
        }

        ref readonly var symbol = ref symbols[number];
        var isInRange = Scale.TryExpand(lastTime, Scale.Of(timeExponent), out var time);
        var fault = RecordBody.Read(
            ref row, code, name, id, new(time), symbol.PriceScale, symbol.SizeScale, texts, out var record);
        if (fault is null && !isInRange) fault = Faults.OutOfRange;
        if (fault is null && row.Remaining > 0) fault = Faults.TrailingBytes;
        if (fault is null) sink.OnRecord(RecordNumbers.HasUnits(record.Kind) ? record.In(symbol.Units) : record);
        else Reject(ReasonOf(fault), fault, start + row.Position, bytes, id);
        return null;
    }

    /// <summary>Reads symbol number, identity and time of a row, relative to the row before.</summary>
    private ulong ReadHead(ref ByteReader row)
    {
        var head = row.Varint();
        switch ((int)head & ((1 << RowIdentity.Bits) - 1))
        {
            case RowIdentity.Next:
                lastSeq = SeqChain.After(lastSeq);
                break;
            case RowIdentity.SeqStep:
                lastSeq = SeqChain.After(lastSeq) + row.Zigzag();
                break;
            case RowIdentity.Full:
                var source = row.Varint();
                if (source >= (ulong)sourceCount) row.Fail(Faults.UnknownSource);
                lastSource = row.Failed ? 0 : (int)source;
                lastEpoch = row.Zigzag();
                lastSeq = row.Zigzag();
                break;
            default:
                row.Fail(Faults.UnknownIdentity);
                break;
        }

        lastTime += row.Zigzag();
        return head >> RowIdentity.Bits;
    }

    private static RejectReason ReasonOf(string fault) => fault switch
    {
        Faults.OutOfRange => RejectReason.OutOfRange,
        Faults.TextTooLong => RejectReason.BadText,
        _ => RejectReason.Malformed,
    };

    private void RejectUnnamed(ulong number, ReadOnlySpan<byte> row, int at)
    {
        var source = sources[lastSource];
        var id = new Identity(source ?? Source.Anonymous, lastEpoch, lastSeq);
        if (source is null) Reject(RejectReason.BadSource, $"source number {lastSource} is not defined", at, row);
        else Reject(RejectReason.BadSymbol, $"symbol number {number} is not allowed here", at, row, id);
    }

    private void RejectRest(ByteReader payload, ReadOnlySpan<byte> frame, int row, int rows) =>
        Reject(RejectReason.Malformed, $"row {row + 1} of {rows} and those after: {payload.Fault}", payload.Position, frame);

    private void RejectTrailing(ByteReader payload, ReadOnlySpan<byte> frame)
    {
        if (payload.Remaining > 0) Reject(RejectReason.Malformed, Faults.TrailingBytes, payload.Position, frame);
    }

    private void Reject(RejectReason reason, string what, int at, ReadOnlySpan<byte> bytes) =>
        Reject(reason, what, at, bytes, Identity.Anonymous);

    /// <summary>
    /// Rejects bytes. <paramref name="at"/> counts from the frame's type byte; the answer counts from the stream's first byte.
    /// </summary>
    private void Reject(RejectReason reason, string what, int at, ReadOnlySpan<byte> bytes, in Identity id)
    {
        var value = $"byte {frameOffset + BinaryFormat.LengthSize + at}: {what}";
        sink.OnRejected(new RejectedInput(id, frameNumber, new Rejection(reason, "frame", value), RawBytes.Excerpt(bytes)));
    }

    private static bool NameEquals(string name, ReadOnlySpan<byte> bytes) => Ascii.Equals(bytes, name);

    private static string Excerpt(ReadOnlySpan<byte> name) => $"'{Encoding.Latin1.GetString(name[..Math.Min(name.Length, 64)])}'";

    private struct NumberedSymbol
    {
        public Symbol? Symbol;
        public long PriceScale;
        public long SizeScale;
        public Units Units;
        public long LastPrice;
        public long Frame;
    }
}

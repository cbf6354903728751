using System.Buffers;
using System.Buffers.Binary;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Binary;

/// <summary>
/// Encoder of one stream of the binary ingest format. Records are collected in a batch, which is written when it is full and on
/// <see cref="Flush"/>; unflushed records are not written. Order is kept. Allocates only for new names. Not thread-safe; one encoder per
/// stream.
/// </summary>
public sealed class BinaryEncoder
{
    /// <summary>Default batch size, in bytes, that is written without a flush.</summary>
    public const int DefaultBatchBytes = 16 * 1024;

    private const int MaxTickRow = 6 * ByteWriter.MaxVarint;
    private const int GuessedPriceExponent = 6; // cents

    private readonly IBufferWriter<byte> output;
    private readonly int batchBytes;
    private readonly Dictionary<Symbol, int> symbolNumbers = [];
    private readonly Dictionary<Source, int> sourceNumbers = [];
    private byte[] batch;
    private SymbolScale[] symbols = new SymbolScale[64];
    private int symbolCount = 1; // number 0 is the economy
    private bool begun;

    // The current batch. The previous identity and time are reset with each batch.
    private FrameType batchType;
    private int rows;
    private int length;
    private long batchNumber = 1;
    private int timeExponent = Scale.MaxTimeExponent;
    private long lastTime;
    private Source lastSource = Source.Anonymous;
    private long lastEpoch;
    private long lastSeq = Identity.None;

    private Symbol? cachedSymbol;
    private int cachedNumber;

    /// <summary>Creates an encoder with that output; a batch is written when it has that many bytes.</summary>
    public BinaryEncoder(IBufferWriter<byte> output, int batchBytes = DefaultBatchBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchBytes, BinaryFormat.DefaultMaxFrame / 2);
        this.output = output;
        this.batchBytes = batchBytes;
        batch = new byte[batchBytes + 1024];
        symbolNumbers[Symbol.Economy] = 0;
        sourceNumbers[Source.Anonymous] = 0;
    }

    /// <summary>Adds a record; its numbers are not checked.</summary>
    /// <exception cref="ArgumentException">Its text is longer than <see cref="BinaryFormat.MaxTextLength"/>.</exception>
    public void Write(in Record record)
    {
        if (record.Text?.Length > BinaryFormat.MaxTextLength)
            throw new ArgumentException($"A record's text has at most {BinaryFormat.MaxTextLength} characters.", nameof(record));

        Begin();
        var isTick = FieldRoles.IsPlainTick(record);
        var number = NumberOf(record);
        if (!isTick && batchType == FrameType.Ticks) Send();
        if (record.Time.Nanoseconds % Scale.Of(timeExponent) != 0)
        {
            Send();
            timeExponent = Scale.CommonTime(timeExponent, record.Time.Nanoseconds);
        }

        if (rows == 0) batchType = isTick ? FrameType.Ticks : FrameType.Records;
        if (batchType == FrameType.Ticks) AddTick(record, number);
        else AddRecord(record, number);
        if (length >= batchBytes) Send();
    }

    /// <summary>Adds records in order.</summary>
    public void Write(ReadOnlySpan<Record> records)
    {
        foreach (ref readonly var record in records) Write(record);
    }

    /// <summary>Writes the collected records. A stream without records consists of its magic only.</summary>
    public void Flush()
    {
        Begin();
        Send();
    }

    private void Begin()
    {
        if (begun) return;
        begun = true;
        output.Write(BinaryFormat.Magic);
    }

    private void AddTick(in Record tick, int number)
    {
        var row = new ByteWriter(batch.AsSpan(length));
        AddHead(ref row, tick, number);
        ref var symbol = ref symbols[number];
        var price = tick.A / Scale.Of(symbol.PriceExponent);
        row.Zigzag(price - (symbol.Batch == batchNumber ? symbol.LastPrice : 0));
        row.Zigzag(tick.B / Scale.Of(symbol.SizeExponent));
        symbol.LastPrice = price;
        symbol.Batch = batchNumber;
        EndRow(row.Length);
    }

    private void AddRecord(in Record record, int number)
    {
        var room = MaxTickRow + RecordBody.Room(record);
        if (batch.Length - length < room + ByteWriter.MaxVarint) Array.Resize(ref batch, length + room + batchBytes);

        // The row's length precedes it and has at most three bytes. The row is written behind that space and then moved.
        const int LengthRoom = 3;
        var row = new ByteWriter(batch.AsSpan(length + LengthRoom));
        row.Byte(FieldRoles.CodeOf(record));
        AddHead(ref row, record, number);
        ref readonly var symbol = ref symbols[number];
        RecordBody.Write(ref row, record, Scale.Of(symbol.PriceExponent), Scale.Of(symbol.SizeExponent));
        var head = new ByteWriter(batch.AsSpan(length));
        head.Varint((ulong)row.Length);
        row.Written.CopyTo(batch.AsSpan(length + head.Length));
        EndRow(head.Length + row.Length);
    }

    private void AddHead(ref ByteWriter row, in Record record, int number)
    {
        var isSameSender = (ReferenceEquals(record.Id.Source, lastSource) || record.Id.Source.Equals(lastSource))
            && record.Id.Epoch == lastEpoch;
        var expected = SeqChain.After(lastSeq);
        var identity = !isSameSender ? RowIdentity.Full : record.Id.Seq == expected ? RowIdentity.Next : RowIdentity.SeqStep;
        row.Varint(((ulong)number << RowIdentity.Bits) | (uint)identity);
        if (identity == RowIdentity.Full)
        {
            row.Varint((ulong)sourceNumbers[record.Id.Source]);
            row.Zigzag(record.Id.Epoch);
            row.Zigzag(record.Id.Seq);
            lastSource = record.Id.Source;
            lastEpoch = record.Id.Epoch;
        }
        else if (identity == RowIdentity.SeqStep)
        {
            row.Zigzag(record.Id.Seq - expected);
        }

        lastSeq = record.Id.Seq;
        var time = record.Time.Nanoseconds / Scale.Of(timeExponent);
        row.Zigzag(time - lastTime);
        lastTime = time;
    }

    private void EndRow(int bytes)
    {
        length += bytes;
        rows++;
    }

    /// <summary>The number of the record's symbol. Defines the symbol and its source if they are new.</summary>
    private int NumberOf(in Record record)
    {
        if (!ReferenceEquals(record.Id.Source, lastSource)) DefineSource(record.Id.Source);
        if (!ReferenceEquals(record.Symbol, cachedSymbol))
        {
            if (!symbolNumbers.TryGetValue(record.Symbol, out var known)) return DefineSymbol(record);
            (cachedSymbol, cachedNumber) = (record.Symbol, known);
        }

        ref var symbol = ref symbols[cachedNumber];
        var (price, size) = (symbol.PriceExponent, symbol.SizeExponent);
        var units = RecordNumbers.HasUnits(record.Kind) ? record.Units : symbol.Units;
        if ((price | size) == 0 && units == symbol.Units) return cachedNumber;
        Scale.Fit(record, ref price, ref size);
        if (price != symbol.PriceExponent || size != symbol.SizeExponent || units != symbol.Units)
        {
            Send(); // the rows written so far use the old exponents
            (symbol.PriceExponent, symbol.SizeExponent, symbol.Units) = (price, size, units);
            SendSymbol(cachedNumber, record.Symbol);
        }

        return cachedNumber;
    }

    private int DefineSymbol(in Record record)
    {
        var number = symbolCount++;
        if (number == symbols.Length) Array.Resize(ref symbols, 2 * number);
        var price = GuessedPriceExponent;
        var size = Scale.MaxExponent;
        Scale.Fit(record, ref price, ref size);
        symbols[number] = new SymbolScale { PriceExponent = price, SizeExponent = size, Units = record.Units };
        symbolNumbers[record.Symbol] = number;
        (cachedSymbol, cachedNumber) = (record.Symbol, number);
        SendSymbol(number, record.Symbol);
        return number;
    }

    private void DefineSource(Source source)
    {
        if (!sourceNumbers.TryAdd(source, sourceNumbers.Count)) return;
        Span<byte> room = stackalloc byte[1 + ByteWriter.MaxVarint + Source.MaxLength];
        var payload = new ByteWriter(room);
        payload.Varint((ulong)(sourceNumbers.Count - 1));
        payload.Text(source.Name);
        SendFrame(FrameType.Source, [], payload.Written);
    }

    private void SendSymbol(int number, Symbol symbol)
    {
        Span<byte> room = stackalloc byte[4 + ByteWriter.MaxVarint + Symbol.MaxLength];
        var payload = new ByteWriter(room);
        payload.Varint((ulong)number);
        payload.Byte((byte)symbols[number].PriceExponent);
        payload.Byte((byte)symbols[number].SizeExponent);
        var units = symbols[number].Units;
        if (!units.IsDefault) payload.Units(units);
        payload.Text(symbol.Name);
        SendFrame(units.IsDefault ? FrameType.Symbol : FrameType.SymbolInUnits, [], payload.Written);
    }

    private void Send()
    {
        if (rows == 0) return;
        Span<byte> room = stackalloc byte[1 + ByteWriter.MaxVarint];
        var header = new ByteWriter(room);
        header.Byte((byte)timeExponent);
        header.Varint((ulong)rows);
        SendFrame(batchType, header.Written, batch.AsSpan(0, length));
        batchType = 0;
        rows = 0;
        length = 0;
        batchNumber++;
        lastTime = 0;
        lastSource = Source.Anonymous;
        lastEpoch = 0;
        lastSeq = Identity.None;
    }

    private void SendFrame(FrameType type, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var body = 1 + header.Length + payload.Length;
        var frame = output.GetSpan(BinaryFormat.LengthSize + body + Crc32C.Size);
        BinaryPrimitives.WriteInt32LittleEndian(frame, body + Crc32C.Size);
        var content = frame.Slice(BinaryFormat.LengthSize, body);
        content[0] = (byte)type;
        header.CopyTo(content[1..]);
        payload.CopyTo(content[(1 + header.Length)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[(BinaryFormat.LengthSize + body)..], Crc32C.Of(content));
        output.Advance(BinaryFormat.LengthSize + body + Crc32C.Size);
    }

    private struct SymbolScale
    {
        public int PriceExponent;
        public int SizeExponent;
        public Units Units;
        public long LastPrice;
        public long Batch;
    }
}

using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Cluster.Messages;

/// <summary>Readers and writers of message parts. Each writer reserves its own buffer space. An invalid part fails the reader.</summary>
internal static class MessageParts
{
    private const int GuidSize = 16;

    public static void Number(this ref PayloadWriter writer, long number)
    {
        writer.Room(ByteWriter.MaxVarint);
        writer.To.Varint((ulong)number);
    }

    public static long Number(this ref ByteReader content) => (long)content.Varint();

    public static void Signed(this ref PayloadWriter writer, long number)
    {
        writer.Room(ByteWriter.MaxVarint);
        writer.To.Zigzag(number);
    }

    public static void Byte(this ref PayloadWriter writer, byte value)
    {
        writer.Room(1);
        writer.To.Byte(value);
    }

    public static void Flag(this ref PayloadWriter writer, bool flag) => writer.Byte(flag ? (byte)1 : (byte)0);

    public static bool Flag(this ref ByteReader content) => content.Byte() == 1;

    public static void Int64(this ref PayloadWriter writer, long value)
    {
        writer.Room(sizeof(long));
        writer.To.Int64(value);
    }

    public static void Wide(this ref PayloadWriter writer, Int128 value)
    {
        writer.Int64((long)(ulong)(UInt128)value);
        writer.Int64((long)(value >> 64));
    }

    public static Int128 Wide(this ref ByteReader content)
    {
        var low = (ulong)content.Int64();
        return new Int128((ulong)content.Int64(), low);
    }

    public static void Double(this ref PayloadWriter writer, double value) => writer.Int64(BitConverter.DoubleToInt64Bits(value));

    public static double Double(this ref ByteReader content) => BitConverter.Int64BitsToDouble(content.Int64());

    /// <summary>Writes a name of up to 255 UTF-8 bytes.</summary>
    public static void Name(this ref PayloadWriter writer, string name)
    {
        writer.Room(1 + Encoding.UTF8.GetByteCount(name));
        writer.To.ShortText(name);
    }

    public static string Name(this ref ByteReader content) => Encoding.UTF8.GetString(content.ShortBytes());

    public static void Symbol(this ref PayloadWriter writer, Symbol symbol) => writer.Name(symbol.Name);

    public static Symbol Symbol(this ref ByteReader content) => SymbolOf(ref content, content.ShortBytes());

    /// <summary>Returns the symbol with the given UTF-8 name.</summary>
    public static Symbol SymbolOf(ref ByteReader content, scoped ReadOnlySpan<byte> name)
    {
        var symbol = SnapshotCodec.SymbolOf(name);
        if (symbol is null) content.Fail(Faults.BadSymbol);
        return symbol ?? Domain.Values.Symbol.Economy;
    }

    public static void Frame(this ref PayloadWriter writer, Frame frame)
    {
        writer.Room(FrameCode.MaxLength);
        writer.To.Frame(frame);
    }

    public static Frame Frame(this ref ByteReader content)
    {
        var frame = FrameCode.Frame(ref content);
        if (!frame.IsDefined()) content.Fail(Faults.OutOfRange);
        return frame;
    }

    public static void Text(this ref PayloadWriter writer, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        writer.Room(ByteWriter.MaxVarint + size);
        writer.To.Varint((ulong)size);
        writer.To.Utf8(text, size);
    }

    public static string Text(this ref ByteReader content) => Encoding.UTF8.GetString(content.Sized());

    /// <summary>Writes the length, then the bytes.</summary>
    public static void Sized(this ref PayloadWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Room(ByteWriter.MaxVarint + bytes.Length);
        writer.To.Varint((ulong)bytes.Length);
        writer.To.Bytes(bytes);
    }

    public static ReadOnlySpan<byte> Sized(this ref ByteReader content) => content.Bytes(content.Count(1));

    public static void Guid(this ref PayloadWriter writer, Guid guid)
    {
        writer.Room(GuidSize);
        writer.To.Bytes(guid.ToByteArray());
    }

    public static Guid Guid(this ref ByteReader content)
    {
        var bytes = content.Bytes(GuidSize);
        return content.Failed ? default : new Guid(bytes);
    }

    public static void PlanHash(this ref PayloadWriter writer, in PlanHash hash)
    {
        Span<byte> bytes = stackalloc byte[Domain.Plans.PlanHash.Length];
        hash.CopyTo(bytes);
        writer.Room(bytes.Length);
        writer.To.Bytes(bytes);
    }

    public static PlanHash PlanHash(this ref ByteReader content)
    {
        var bytes = content.Bytes(Domain.Plans.PlanHash.Length);
        return content.Failed ? default : Domain.Plans.PlanHash.FromBytes(bytes);
    }

    public static void StateHash(this ref PayloadWriter writer, StateHash? hash)
    {
        writer.Flag(hash is not null);
        if (hash is not { } known) return;
        Span<byte> bytes = stackalloc byte[Domain.Folding.StateHash.Length];
        known.CopyTo(bytes);
        writer.Room(bytes.Length);
        writer.To.Bytes(bytes);
    }

    public static StateHash? StateHash(this ref ByteReader content)
    {
        if (!content.Flag()) return null;
        var bytes = content.Bytes(Domain.Folding.StateHash.Length);
        return content.Failed ? null : Domain.Folding.StateHash.FromBytes(bytes);
    }

    public static void Symbols(this ref PayloadWriter writer, IReadOnlyCollection<Symbol> symbols)
    {
        writer.Number(symbols.Count);
        foreach (var symbol in symbols) writer.Symbol(symbol);
    }

    public static Symbol[] Symbols(this ref ByteReader content)
    {
        var symbols = new Symbol[content.Count(2)];
        for (var i = 0; i < symbols.Length; i++) symbols[i] = content.Symbol();
        return symbols;
    }

    /// <summary>Writes signals, each encoded as in the signal log.</summary>
    public static void Signals(this ref PayloadWriter writer, IReadOnlyList<byte[]> signals)
    {
        writer.Number(signals.Count);
        foreach (var signal in signals) writer.Sized(signal);
    }

    public static byte[][] Signals(this ref ByteReader content)
    {
        var signals = new byte[content.Count(1)][];
        for (var i = 0; i < signals.Length; i++) signals[i] = content.Sized().ToArray();
        return signals;
    }
}

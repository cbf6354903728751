using System.Runtime.CompilerServices;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Fast parser of lines in the canonical form, <c>{"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":17}</c>, with
/// fields in any order and at most one blank after a colon or comma. It never rejects a line: anything unusual is left to
/// <see cref="JsonParser"/>, and both parsers give the same result for the lines it accepts.
/// </summary>
internal sealed class CanonicalTickParser(ParserOptions options, StampReader stamps)
{
    [Flags]
    private enum Seen
    {
        Nothing = 0,
        Symbol = 1,
        Time = 2,
        Price = 4,
        Size = 8,
        Seq = 16,
        Source = 32,
        Epoch = 64,
        Kind = 128,
        Needed = Symbol | Time | Price,
    }

    /// <summary>Parses the line. Returns false if the line needs the general parser.</summary>
    public bool TryParse(ReadOnlySpan<byte> line, out Record record)
    {
        Unsafe.SkipInit(out record);
        if (line.Length < 2 || line[0] != '{') return false;
        var i = 1;
        var seen = Seen.Nothing;
        Symbol? symbol = null;
        var source = options.DefaultSource;
        long time = 0, price = 0, size = 0, epoch = options.DefaultEpoch, seq = Identity.None;
        while (true)
        {
            var field = ReadName(line, ref i);
            if (field == Seen.Nothing || (seen & field) != 0) return false;
            seen |= field;
            bool read;
            switch (field)
            {
                case Seen.Symbol:
                    read = TryReadText(line, ref i, out var name) && options.Symbols.TryGet(name, out symbol);
                    break;
                case Seen.Time:
                    read = TryReadTime(line, ref i, out time);
                    break;
                case Seen.Price:
                    read = TryReadUnits(line, ref i, out price);
                    break;
                case Seen.Size:
                    read = TryReadUnits(line, ref i, out size);
                    break;
                case Seen.Seq:
                    read = DigitText.TryReadWhole(line, ref i, out seq);
                    break;
                case Seen.Source:
                    read = TryReadText(line, ref i, out name) && options.Sources.TryGet(name, out source!);
                    break;
                case Seen.Epoch:
                    read = DigitText.TryReadWhole(line, ref i, out epoch);
                    break;
                default:
                    read = TryReadText(line, ref i, out name) && name.SequenceEqual("tick"u8);
                    break;
            }

            if (!read || (uint)i >= (uint)line.Length) return false;
            if (line[i] == ',')
            {
                i++;
                if ((uint)i < (uint)line.Length && line[i] == ' ') i++;
                continue;
            }

            if (line[i] != '}' || i != line.Length - 1 || (seen & Seen.Needed) != Seen.Needed) return false;
            Record.SetTick(out record, symbol!, new Identity(source, epoch, seq), new Timestamp(time), (price, size, default));
            return true;
        }
    }

    /// <summary>Reads <c>"name":</c> and a blank, if there is one.</summary>
    private static Seen ReadName(ReadOnlySpan<byte> line, ref int i)
    {
        if (line.Length - i < 3) return Seen.Nothing;
        var rest = line[i..];
        if (rest[0] != '"') return Seen.Nothing;
        var (field, length) = rest[1] switch
        {
            (byte)'s' => rest[2] switch
            {
                (byte)'y' => rest.StartsWith("\"symbol\":"u8) ? (Seen.Symbol, 9) : default,
                (byte)'i' => rest.StartsWith("\"size\":"u8) ? (Seen.Size, 7) : default,
                (byte)'e' => rest.StartsWith("\"seq\":"u8) ? (Seen.Seq, 6) : default,
                _ => rest.StartsWith("\"source\":"u8) ? (Seen.Source, 9) : default,
            },
            (byte)'t' => rest.StartsWith("\"ts\":"u8) ? (Seen.Time, 5) : default,
            (byte)'p' => rest.StartsWith("\"price\":"u8) ? (Seen.Price, 8) : default,
            (byte)'e' => rest.StartsWith("\"epoch\":"u8) ? (Seen.Epoch, 8) : default,
            (byte)'k' => rest.StartsWith("\"kind\":"u8) ? (Seen.Kind, 7) : default,
            _ => default,
        };
        i += length;
        if ((uint)i < (uint)line.Length && line[i] == ' ') i++;
        return field;
    }

    /// <summary>Reads text between quotes. An escape is not valid in any name or number, so it is detected later.</summary>
    private static bool TryReadText(ReadOnlySpan<byte> line, ref int i, out ReadOnlySpan<byte> text)
    {
        text = default;
        if ((uint)i >= (uint)line.Length || line[i] != '"') return false;
        var start = i + 1;
        for (var end = start; end < line.Length; end++)
        {
            if (line[end] != '"') continue;
            text = line[start..end];
            i = end + 1;
            return true;
        }

        return false;
    }

    private bool TryReadTime(ReadOnlySpan<byte> line, ref int i, out long time)
    {
        if ((uint)i < (uint)line.Length && line[i] == '"')
        {
            time = 0;
            if (!TryReadText(line, ref i, out var text) || text.ContainsAnyInRange((byte)0, (byte)0x1f)
                || stamps.Read(text, isQuoted: true, out var stamp) != RejectReason.None) return false;
            time = stamp.Nanoseconds;
            return true;
        }

        return DigitText.TryReadWhole(line, ref i, out time) && stamps.TryReadWhole(time, out time);
    }

    /// <summary>Reads a bare number from zero up, without exponent, or a quoted one.</summary>
    private static bool TryReadUnits(ReadOnlySpan<byte> line, ref int i, out long units)
    {
        units = 0;
        if ((uint)i < (uint)line.Length && line[i] == '"')
            return TryReadText(line, ref i, out var text) && DecimalText.TryParseUnits(text, out units) == RejectReason.None;

        var start = i;
        long value = 0;
        while ((uint)i < (uint)line.Length && (uint)(line[i] - '0') <= 9) value = (value * 10) + (line[i++] - '0');
        var digits = i - start;
        if (digits is 0 or > 10 || (digits > 1 && line[start] == '0')) return false; // JSON has no leading zeros
        if ((uint)i >= (uint)line.Length || line[i] != '.')
        {
            units = value * Fixed8.One;
            return true;
        }

        var point = i++;
        while ((uint)i < (uint)line.Length && (uint)(line[i] - '0') <= 9 && i - point <= Fixed8.Decimals)
            value = (value * 10) + (line[i++] - '0');
        var decimals = i - point - 1;
        if (decimals == 0 || ((uint)i < (uint)line.Length && (uint)(line[i] - '0') <= 9)) return false;
        units = value * DecimalText.PowersOfTen[Fixed8.Decimals - decimals];
        return true;
    }
}

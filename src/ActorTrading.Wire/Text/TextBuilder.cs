using System.Globalization;
using System.Text;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>Builds text in a span that the caller has made large enough.</summary>
internal ref struct TextBuilder(Span<byte> buffer)
{
    /// <summary>Maximum length of an escaped character, in bytes.</summary>
    public const int MaxEscapedLength = 6;

    // Whole numbers smaller than this would be read as microseconds, milliseconds or seconds.
    private const long SmallestNanoseconds = 100_000_000_000_000_000;

    private readonly Span<byte> buffer = buffer;

    /// <summary>Number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Adds bytes unchanged.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Adds a name without characters to escape.</summary>
    public void Ascii(string name) => Length += Encoding.UTF8.GetBytes(name, buffer[Length..]);

    /// <summary>Units of prices and sizes.</summary>
    public Units NumbersIn { get; set; }

    /// <summary>Adds a label and a price.</summary>
    public void Price(ReadOnlySpan<byte> label, long price)
    {
        Raw(label);
        Length += FixedPoint.Format(price, NumbersIn.PriceDecimals, buffer[Length..]);
    }

    /// <summary>Adds a label and a size.</summary>
    public void Size(ReadOnlySpan<byte> label, long size)
    {
        Raw(label);
        Length += FixedPoint.Format(size, NumbersIn.SizeDecimals, buffer[Length..]);
    }

    /// <summary>Adds a label and the volume of a bar.</summary>
    public void Volume(ReadOnlySpan<byte> label, Int128 volume)
    {
        if (volume == (long)volume)
        {
            Size(label, (long)volume);
            return;
        }

        Raw(label);
        Ascii(FixedPoint.Format(volume, NumbersIn.SizeDecimals));
    }

    /// <summary>Adds a label and a number in units of 1e-8.</summary>
    public void Units(ReadOnlySpan<byte> label, long units)
    {
        Raw(label);
        Length += Fixed8.Format(units, buffer[Length..]);
    }

    /// <summary>Adds a label and a whole number.</summary>
    public void Whole(ReadOnlySpan<byte> label, long value)
    {
        Raw(label);
        value.TryFormat(buffer[Length..], out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>
    /// Adds a label and the shortest number that parses to the same double. A number that is not finite, which JSON does not support, is
    /// written as text.
    /// </summary>
    public void Double(ReadOnlySpan<byte> label, double value)
    {
        Raw(label);
        if (!double.IsFinite(value))
        {
            Raw(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);
            return;
        }

        value.TryFormat(buffer[Length..], out var written, "R", CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Adds a label and JSON text in quotes; half a surrogate pair becomes U+FFFD.</summary>
    public void Escaped(ReadOnlySpan<byte> label, string text)
    {
        Raw(label);
        Raw("\""u8);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
            {
                Raw("\\"u8);
            }
            else if (rune.Value < ' ')
            {
                Raw("\\u00"u8);
                buffer[Length++] = (byte)"0123456789abcdef"[rune.Value >> 4];
                buffer[Length++] = (byte)"0123456789abcdef"[rune.Value & 15];
                continue;
            }

            Length += rune.EncodeToUtf8(buffer[Length..]);
        }

        Raw("\""u8);
    }

    /// <summary>Adds a time in nanoseconds; near 1970, where the number would be read as a larger unit, in ISO 8601.</summary>
    public void Stamp(Timestamp time)
    {
        if (time.Nanoseconds is > -SmallestNanoseconds and < SmallestNanoseconds) Iso(time, quoted: true);
        else Whole(default, time.Nanoseconds);
    }

    /// <summary>Adds a time in ISO 8601, UTC, with 0, 3, 6 or 9 decimals.</summary>
    public void Iso(Timestamp time, bool quoted)
    {
        if (quoted) Raw("\""u8);
        var fraction = ((time.Nanoseconds % Timestamp.Second) + Timestamp.Second) % Timestamp.Second;
        var seconds = (time.Nanoseconds - fraction) / Timestamp.Second; // the first second of the range does not fit long
        DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond)
            .TryFormat(buffer[Length..], out var written, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        Length += written;
        if (fraction != 0)
        {
            var (decimals, shown) = fraction % 1_000_000 == 0 ? (3, fraction / 1_000_000)
                : fraction % 1_000 == 0 ? (6, fraction / 1_000)
                : (9, fraction);
            buffer[Length++] = (byte)'.';
            for (var i = decimals - 1; i >= 0; i--)
            {
                buffer[Length + i] = (byte)('0' + (shown % 10));
                shown /= 10;
            }

            Length += decimals;
        }

        Raw(quoted ? "Z\""u8 : "Z"u8);
    }

    /// <summary>Removes one byte.</summary>
    public void RemoveAt(int position)
    {
        buffer[(position + 1)..Length].CopyTo(buffer[position..]);
        Length--;
    }
}

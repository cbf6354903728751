using System.Buffers.Binary;

namespace ActorTrading.Wire.Text;

/// <summary>Reads digits within a text, in place.</summary>
internal static class DigitText
{
    /// <summary>Reads a whole number from zero up, without leading zeros.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> text, ref int i, out long value)
    {
        value = 0;
        var start = i;
        ulong sum = 0;
        while (text.Length - i >= 8 && TryReadEight(text[i..], out var eight))
        {
            sum = (sum * 100_000_000) + eight;
            i += 8;
            if (i - start == 16) break;
        }

        while ((uint)i < (uint)text.Length && (uint)(text[i] - '0') <= 9)
        {
            sum = (sum * 10) + (uint)(text[i++] - '0');
            if (i - start > 19) return false;
        }

        value = (long)sum;
        var digits = i - start;
        return digits > 0 && sum <= long.MaxValue && (digits == 1 || text[start] != '0');
    }

    /// <summary>Reads two digits at the start of a text.</summary>
    public static bool TryReadTwo(ReadOnlySpan<byte> text, out int value)
    {
        var (tens, ones) = ((uint)(text[0] - '0'), (uint)(text[1] - '0'));
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9;
    }

    /// <summary>Reads eight digits at the start of a text of at least eight bytes; false if one of them is not a digit.</summary>
    public static bool TryReadEight(ReadOnlySpan<byte> text, out uint value)
    {
        // The first digit is in the lowest byte: combine pairs, then fours, then all eight.
        value = 0;
        var digits = BinaryPrimitives.ReadUInt64LittleEndian(text);
        const ulong HighHalves = 0xF0F0_F0F0_F0F0_F0F0;
        var halves = (digits & HighHalves) | (((digits + 0x0606_0606_0606_0606) & HighHalves) >> 4);
        if (halves != 0x3333_3333_3333_3333) return false;
        digits -= 0x3030_3030_3030_3030;
        digits = (digits * 10) + (digits >> 8);
        value = (uint)((((digits & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064)
            + (((digits >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32);
        return true;
    }

    /// <summary>
    /// Reads a number from zero up in 1e-8: at most ten digits before the point and eight after it, which always fit. Leaves
    /// <paramref name="i"/> at the first byte after it, which may be a ninth decimal.
    /// </summary>
    public static bool TryReadUnits(ReadOnlySpan<byte> text, ref int i, out long units)
    {
        units = 0;
        var start = i;
        long value = 0;
        while ((uint)i < (uint)text.Length && (uint)(text[i] - '0') <= 9) value = (value * 10) + (text[i++] - '0');
        if (i - start is 0 or > 10) return false;
        var decimals = 0;
        if ((uint)i < (uint)text.Length && text[i] == '.')
        {
            for (i++; decimals < 8 && (uint)i < (uint)text.Length && (uint)(text[i] - '0') <= 9; decimals++)
                value = (value * 10) + (text[i++] - '0');
        }

        units = value * DecimalText.PowersOfTen[8 - decimals];
        return true;
    }
}

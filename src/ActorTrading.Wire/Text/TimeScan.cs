namespace ActorTrading.Wire.Text;

/// <summary>A cursor over a text without outer blanks.</summary>
internal ref struct TimeScan
{
    private ReadOnlySpan<byte> text;

    public TimeScan(ReadOnlySpan<byte> text) => this.text = text.Trim(" \t"u8);

    public readonly bool IsEnd => text.IsEmpty;

    public readonly byte Peek => text.IsEmpty ? (byte)0 : text[0];

    public readonly bool IsLetter => (Peek | 0x20) is >= 'a' and <= 'z';

    public readonly ReadOnlySpan<byte> Rest => text;

    public void Skip(int count) => text = text[count..];

    public void SkipBlanks() => text = text.TrimStart((byte)' ');

    public bool TryTake(ReadOnlySpan<byte> bytes)
    {
        if (!text.StartsWith(bytes)) return false;
        text = text[bytes.Length..];
        return true;
    }

    public ReadOnlySpan<byte> TakeWord()
    {
        var length = 0;
        while (length < text.Length && (text[length] | 0x20) is >= 'a' and <= 'z') length++;
        var word = text[..length];
        text = text[length..];
        return word;
    }

    public bool TryNumber(out int number, out int digits)
    {
        number = 0;
        digits = 0;
        while (digits < text.Length && (uint)(text[digits] - '0') <= 9)
        {
            if (digits == 9) return false;
            number = (number * 10) + (text[digits++] - '0');
        }

        text = text[digits..];
        return digits > 0;
    }

    /// <summary>Reads three digits behind a colon.</summary>
    public bool TryMilliseconds(out int nanoseconds)
    {
        nanoseconds = 0;
        text = text[1..];
        if (!TryNumber(out var number, out var digits) || digits != 3) return false;
        nanoseconds = number * 1_000_000;
        return true;
    }

    /// <summary>Reads digits behind a point or comma; digits beyond nanoseconds are truncated.</summary>
    public bool TryFraction(out int nanoseconds)
    {
        nanoseconds = 0;
        var digits = 1;
        while (digits < text.Length && (uint)(text[digits] - '0') <= 9)
        {
            if (digits <= 9) nanoseconds = (nanoseconds * 10) + (text[digits] - '0');
            digits++;
        }

        for (var i = digits - 1; i < 9; i++) nanoseconds *= 10;
        text = text[digits..];
        return digits > 1;
    }
}

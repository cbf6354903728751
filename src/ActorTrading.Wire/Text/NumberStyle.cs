namespace ActorTrading.Wire.Text;

/// <summary>
/// The number style of a table: the decimal sign, whether groups of three are separated, and whether there are currency signs or the
/// suffixes K, M and B.
/// </summary>
internal readonly record struct NumberStyle(bool IsComma, bool IsDressed)
{
    /// <summary>Other group separators: no-break spaces, wide and narrow, a thin space and the typographic apostrophe.</summary>
    private static readonly byte[][] GroupSigns =
        [.. new[] { "\u00a0", "\u202f", "\u2009", "\u2019" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    private static readonly byte[] MinusSign = System.Text.Encoding.UTF8.GetBytes("\u2212");

    private static readonly byte[][] CurrencySigns =
        [.. new[] { "US$", "$", "€", "£", "¥", "₹", "₩" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>Numbers of digits, a point and a sign only.</summary>
    public static readonly NumberStyle Plain = new(false, false);

    /// <summary>Whether numbers can be read unchanged.</summary>
    public bool IsPlain => !IsComma && !IsDressed;

    /// <summary>
    /// Converts a cell to a plain number: group separators and currency signs are removed, a decimal comma becomes a point, K, M and B
    /// become exponents. Text that is not a number is copied unchanged. Returns the length; <paramref name="destination"/> needs two bytes
    /// more than the cell.
    /// </summary>
    public int Undress(ReadOnlySpan<byte> cell, Span<byte> destination)
    {
        var text = TrimCurrency(cell);
        if (text.SequenceEqual("-"u8)) return 0;
        var (decimalSign, group) = IsComma ? ((byte)',', (byte)'.') : ((byte)'.', (byte)',');
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == decimalSign) destination[length++] = (byte)'.';
            else if (c == group && IsGroup(text, i, decimalSign)) continue;
            else if (c is (byte)' ' or (byte)'\'' && IsGroup(text, i, decimalSign)) continue;
            else if (c >= 0x80 && GroupSignAt(text[i..]) is > 0 and var skipped) i += skipped - 1;
            else if (text[i..].StartsWith(MinusSign))
            {
                destination[length++] = (byte)'-';
                i += MinusSign.Length - 1;
            }
            else if (i == text.Length - 1 && i > 0 && Exponent(c) is > 0 and var exponent)
                length += Suffix(destination[length..], exponent);
            else destination[length++] = c;
        }

        return length;
    }

    /// <summary>Detects the style of numeric cells; false, with both readings, if it is ambiguous.</summary>
    public static bool TryDetect(IEnumerable<byte[]> cells, bool? isComma, out NumberStyle style, out string? ambiguity)
    {
        var isDressed = false;
        bool points = false, commas = false;
        string? either = null;
        foreach (var cell in cells)
        {
            var text = TrimCurrency(cell);
            if (text.Length != cell.Length || (text.Length > 1 && Exponent(text[^1]) > 0 && text[^2] is >= (byte)'0' and <= (byte)'9'))
                isDressed = true;
            if (text.Length > 1 && Exponent(text[^1]) > 0) text = text[..^1];
            if (text.SequenceEqual("-"u8)) isDressed = true;
            isDressed |= text.ContainsAnyInRange((byte)0x80, (byte)0xff);
            var comma = text.LastIndexOf((byte)',');
            var point = text.LastIndexOf((byte)'.');
            if (comma < 0)
            {
                if (point >= 0 && text.Count((byte)'.') == 1) points |= text.Length - point != 4;
                if (text.Count((byte)'.') > 1) commas = true; // 1.234.567
                if (text.Contains((byte)' ') || text.Contains((byte)'\'')) isDressed = true;
                continue;
            }

            if (point > comma) points = isDressed = true;                                     // 1,234.5
            else if (point >= 0) commas = true;                                               // 1.234,5
            else if (text.Count((byte)',') > 1) points = isDressed = true;                    // 1,234,567
            else if (text.Length - comma != 4 || comma is 0 or > 3 || text[0] == '0') commas = true; // 12,5
            else either ??= System.Text.Encoding.UTF8.GetString(text);
        }

        var asComma = isComma ?? (commas && !points);
        style = new NumberStyle(asComma, isDressed || either is not null);
        ambiguity = isComma is null && commas && points ? "some numbers have a decimal point, others a decimal comma"
            : isComma is null && either is not null && !commas && !points ? $"'{either}' could be "
                + $"{either.Replace(",", "", StringComparison.Ordinal)} or {either.Replace(',', '.')}: set --decimal . or --decimal ,"
            : null;
        return ambiguity is null;
    }

    /// <summary>
    /// Finds a price that may be of a future on a US bond, in points and 32nds (110'165: 110 points and 16.5 32nds), or may have groups of
    /// three. Null if a price shows that these are groups, or if no price has an apostrophe.
    /// </summary>
    public static string? FindThirtySeconds(IEnumerable<byte[]> prices)
    {
        byte[]? found = null;
        foreach (var price in prices)
        {
            var at = price.AsSpan().IndexOf((byte)'\'');
            if (at < 0) continue;
            if (at is 0 or > 3 || price.Length != at + 4 || !IsThirtySeconds(price.AsSpan(at + 1))) return null;
            found ??= price;
        }

        return found is null ? null : System.Text.Encoding.UTF8.GetString(found);

        // Two digits below 32, and the quarters of one: 0, 2 (.25), 5, 7 (.75).
        static bool IsThirtySeconds(ReadOnlySpan<byte> text) =>
            !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && ((text[0] - '0') * 10) + text[1] - '0' < 32
            && text[2] is (byte)'0' or (byte)'2' or (byte)'5' or (byte)'7';
    }

    private static ReadOnlySpan<byte> TrimCurrency(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t"u8);
        foreach (var sign in CurrencySigns)
        {
            if (text.StartsWith(sign)) text = text[sign.Length..].TrimStart((byte)' ');
            else if (text.EndsWith(sign)) text = text[..^sign.Length].TrimEnd((byte)' ');
        }

        return text;
    }

    /// <summary>
    /// Whether a group of three digits follows and then no digit before the decimal sign; or a group of two digits and another group, as in
    /// India: 1,23,456.78.
    /// </summary>
    private static bool IsGroup(ReadOnlySpan<byte> text, int at, byte decimalSign)
    {
        var digits = 0;
        while (at + 1 + digits < text.Length && (uint)(text[at + 1 + digits] - '0') <= 9) digits++;
        var isOfIndia = digits == 2 && at + 3 < text.Length && text[at + 3] == text[at];
        return at > 0 && (digits == 3 || isOfIndia) && text[..at].IndexOf(decimalSign) < 0;
    }

    private static int GroupSignAt(ReadOnlySpan<byte> text)
    {
        foreach (var sign in GroupSigns)
        {
            if (text.StartsWith(sign)) return sign.Length;
        }

        return 0;
    }

    private static int Exponent(byte c) =>
        c switch { (byte)'K' or (byte)'k' => 3, (byte)'M' or (byte)'m' => 6, (byte)'B' or (byte)'b' => 9, (byte)'T' => 12, _ => 0 };

    private static int Suffix(Span<byte> destination, int exponent)
    {
        destination[0] = (byte)'e';
        if (exponent < 10)
        {
            destination[1] = (byte)('0' + exponent);
            return 2;
        }

        destination[1] = (byte)'1';
        destination[2] = (byte)('0' + (exponent - 10));
        return 3;
    }
}

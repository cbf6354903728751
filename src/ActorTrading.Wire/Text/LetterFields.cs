namespace ActorTrading.Wire.Text;

/// <summary>
/// Fields with one-letter names, as in the streams of exchanges (Binance, Bybit, Alpaca, Polygon, Finnhub). The meaning of a letter depends
/// on the others and on its value: <c>s</c> is a symbol if it is text, a size if it is a number.
/// </summary>
internal sealed class LetterFields
{
    private readonly (int Start, int Length, FieldForm Form)[] ranges = new (int, int, FieldForm)[128];
    private UInt128 present;

    /// <summary>Removes all letters.</summary>
    public void Clear() => present = 0;

    /// <summary>Sets a letter to a range of bytes.</summary>
    public void Set(byte letter, int start, int length, FieldForm form)
    {
        if (letter >= 128 || length == 0 || (form == FieldForm.Other && letter != 'x')) return;
        ranges[letter] = (start, length, form);
        present |= UInt128.One << letter;
    }

    /// <summary>Assigns the letters to fields, if they form a trade, a bar or a quote. Fields with a full name take precedence.</summary>
    public void AddTo(ref FieldSet fields, ReadOnlySpan<byte> text, ReadOnlySpan<byte> scratch)
    {
        if (present == 0) return;
        var isTrade = Has('p');
        var isBar = Has('o') && Has('h') && Has('l') && Has('c');
        var isQuote = !isTrade && Has('b') && Has('a');
        if (!isTrade && !isBar && !isQuote && !RecordAssembler.TryInferKind(fields, out _)) return;

        // In Alpaca's messages T is the kind of the message; then S is a symbol, even if it is B or S.
        var isTyped = Has('T') && !IsNumber('T', text, scratch);
        if (isTyped) Add(ref fields, Field.Symbol, 'S');
        else if (Has('S')) Add(ref fields, KindNames.IsTaker(TextOf('S', text, scratch)) ? Field.Side : Field.Symbol, 'S');
        if (Has('s') && !IsNumber('s', text, scratch)) Add(ref fields, Field.Symbol, 's');
        if (isBar)
        {
            Add(ref fields, Field.Open, 'o');
            Add(ref fields, Field.High, 'h');
            Add(ref fields, Field.Low, 'l');
            Add(ref fields, Field.Close, 'c');
            Add(ref fields, Field.Volume, 'v');

            // Binance: i is the frame, x whether the candle is complete.
            if (Has('x') && ranges['x'].Form == FieldForm.Other) Add(ref fields, Field.Final, 'x');
            var isFrame = Has('i') && !IsNumber('i', text, scratch) && KindNames.TryParseFrame(TextOf('i', text, scratch), out _);
            if (isFrame) Add(ref fields, Field.Frame, 'i');
        }
        else if (isTrade)
        {
            Add(ref fields, Field.Price, 'p');
            Add(ref fields, Field.Size, Has('s') && IsNumber('s', text, scratch) ? 's' : Has('q') ? 'q' : 'v');
            Add(ref fields, Field.Trade, 'p');
        }
        else if (isQuote)
        {
            Add(ref fields, Field.Bid, 'b');
            Add(ref fields, Field.BidSize, 'B');
            Add(ref fields, Field.Ask, 'a');
            Add(ref fields, Field.AskSize, 'A');
        }

        // Binance: t is the number of a trade, or the start of a bar; T is the time of the trade, or the end of the bar; E is the time of
        // the message.
        var isUpperTime = IsNumber('T', text, scratch);
        if (isUpperTime && !(isBar && Has('t'))) Add(ref fields, Field.Time, 'T');
        else if (Has('t')) Add(ref fields, Field.Time, 't');
        else if (isBar && IsNumber('s', text, scratch)) Add(ref fields, Field.Time, 's');
        else Add(ref fields, Field.Time, 'E');
    }

    private bool Has(char letter) => ((present >> letter) & 1) != 0;

    private bool IsNumber(char letter, ReadOnlySpan<byte> text, ReadOnlySpan<byte> scratch) =>
        Has(letter) && (ranges[letter].Form == FieldForm.Number || TimeNumber.TryParse(TextOf(letter, text, scratch), out _));

    private ReadOnlySpan<byte> TextOf(char letter, ReadOnlySpan<byte> text, ReadOnlySpan<byte> scratch)
    {
        var (start, length, form) = ranges[letter];
        return (form == FieldForm.Unescaped ? scratch : text).Slice(start, length);
    }

    private void Add(ref FieldSet fields, Field field, char letter)
    {
        if (!Has(letter) || fields.Has(field)) return;
        var (start, length, form) = ranges[letter];
        fields.Set(field, start, length, form);
    }
}

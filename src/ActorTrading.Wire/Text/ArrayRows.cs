using System.Text.Json;
using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Parser of bars as arrays of values without names, as in the candles of exchanges. Orders: time, open, high, low, close, volume (Binance,
/// ccxt, Kraken and most others); time, low, high, open, close, volume (Coinbase); time, open, close, high, low, volume (Bitfinex). The
/// first row that fits only one order decides. Trades are read in the form of Kraken (price, size, time, b or s, m or l) and of Bitfinex
/// (number, milliseconds, amount, price).
/// </summary>
internal sealed class ArrayRows(TimeNames times)
{
    public const int MostCells = 16;

    private static readonly (Field[] Order, string Name)[] Orders =
    [
        ([Field.Open, Field.High, Field.Low, Field.Close], "open, high, low, close"),
        ([Field.Low, Field.High, Field.Open, Field.Close], "low, high, open, close"),
        ([Field.Open, Field.Close, Field.High, Field.Low], "open, close, high, low"),
    ];

    private Field[]? order;

    /// <summary>Parses a row; false if it is neither a bar nor a trade.</summary>
    public bool TryTake(ReadOnlySpan<byte> row, out FieldSet fields)
    {
        fields = default;
        Span<Cell> cells = stackalloc Cell[MostCells];
        if (!TryCut(row, cells, out var count) || count < 4) return false;
        if (count == 4)
        {
            if (!IsTradeOfBitfinex(row, cells)) return false;
            SetTradeOfBitfinex(row, cells, ref fields);
            return true;
        }

        if (IsTrade(row, cells[..count]))
        {
            Set(ref fields, Field.Price, cells[0]);
            Set(ref fields, Field.Size, cells[1]);
            Set(ref fields, Field.Time, cells[2]);
            Set(ref fields, Field.Trade, cells[3]);
            return true;
        }

        if (!times.IsTime(TextOf(row, cells[0]))) return false;
        Span<long> values = stackalloc long[4];
        for (var i = 0; i < 4; i++)
        {
            if (DecimalText.TryParseRounded(TextOf(row, cells[i + 1]), out values[i]) != RejectReason.None) return false;
        }

        order ??= Decide(values);
        var chosen = order ?? Orders[0].Order; // all values are equal: every order gives the same result
        Set(ref fields, Field.Time, cells[0]);
        for (var i = 0; i < 4; i++) Set(ref fields, chosen[i], cells[i + 1]);

        // Kraken has the average price before the volume, eight values in all.
        var volume = count == 8 ? 6 : 5;
        if (count > volume) Set(ref fields, Field.Volume, cells[volume]);
        return true;
    }

    /// <summary>
    /// Whether a row is a trade of Kraken: its fourth value is b or s, its fifth m or l (market or limit), and its
    /// third a time.
    /// </summary>
    private static bool IsTrade(ReadOnlySpan<byte> row, ReadOnlySpan<Cell> cells) =>
        TextOf(row, cells[3]) is [(byte)'b' or (byte)'s'] && TextOf(row, cells[4]) is [(byte)'m' or (byte)'l']
        && TimeNumber.TryParse(TextOf(row, cells[2]), out var time) && time.StrongUnit() is not null;

    /// <summary>Whether a row of four is a trade of Bitfinex: a number, milliseconds since 1970, an amount, a price.</summary>
    public static bool IsTradeOfBitfinex(ReadOnlySpan<byte> row, ReadOnlySpan<Cell> cells) =>
        cells[0].Form == FieldForm.Number && TextOf(row, cells[0]).ContainsAnyExceptInRange((byte)'0', (byte)'9') is false
        && cells[1].Form == FieldForm.Number && cells[1].Length == 13
        && TimeNumber.TryParse(TextOf(row, cells[1]), out var time) && time.StrongUnit() == TimeUnit.Milliseconds
        && cells[2].Form == FieldForm.Number && cells[3].Form == FieldForm.Number;

    /// <summary>Sets the fields of a Bitfinex trade; the sign of the amount is the taker's side.</summary>
    public static void SetTradeOfBitfinex(ReadOnlySpan<byte> row, ReadOnlySpan<Cell> cells, ref FieldSet fields)
    {
        var amount = cells[2];
        if (row[amount.Start] == '-') amount = amount with { Start = amount.Start + 1, Length = amount.Length - 1 };
        Set(ref fields, Field.Trade, cells[0]);
        Set(ref fields, Field.Time, cells[1]);
        Set(ref fields, Field.Size, amount);
        Set(ref fields, Field.Price, cells[3]);
    }

    /// <summary>Parses a row of Kraken's spread response: time, bid, ask.</summary>
    public static bool TryTakeSpread(ReadOnlySpan<byte> row, out FieldSet fields)
    {
        fields = default;
        Span<Cell> cells = stackalloc Cell[MostCells];
        return TryCut(row, cells, out var count) && count == 3 && TrySet(row, cells, ref fields, Field.Time, Field.Bid, Field.Ask);
    }

    /// <summary>Sets these fields to the first values; false if one of them is missing or a time is not valid.</summary>
    public static bool TrySet(ReadOnlySpan<byte> row, ReadOnlySpan<Cell> cells, ref FieldSet fields, params ReadOnlySpan<Field> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            var isTime = TimeNumber.TryParse(TextOf(row, cells[i]), out var time) && time.StrongUnit() is not null;
            if (order[i] == Field.Time && !isTime) return false;
            Set(ref fields, order[i], cells[i]);
        }

        return true;
    }

    private static void Set(ref FieldSet fields, Field field, Cell cell) => fields.Set(field, cell.Start, cell.Length, cell.Form);

    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> row, Cell cell) => row.Slice(cell.Start, cell.Length);

    /// <summary>The order that fits the values; the usual order if it fits beside another one; null if undecided.</summary>
    private static Field[]? Decide(ReadOnlySpan<long> values)
    {
        if (values[0] == values[1] && values[1] == values[2] && values[2] == values[3]) return null;
        foreach (var (candidate, _) in Orders)
        {
            long open = 0, high = 0, low = 0, close = 0;
            for (var i = 0; i < 4; i++)
            {
                if (candidate[i] == Field.Open) open = values[i];
                else if (candidate[i] == Field.High) high = values[i];
                else if (candidate[i] == Field.Low) low = values[i];
                else close = values[i];
            }

            if (high >= open && high >= close && low <= open && low <= close) return candidate;
        }

        return null;
    }

    /// <summary>Splits an array of values; false if it contains other elements, or more values than the span can hold.</summary>
    public static bool TryCut(ReadOnlySpan<byte> row, Span<Cell> cells, out int count)
    {
        count = 0;
        var reader = new Utf8JsonReader(row);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == cells.Length) return false;
            switch (reader.TokenType)
            {
                case JsonTokenType.Number:
                    cells[count++] = new Cell((int)reader.TokenStartIndex, reader.ValueSpan.Length, FieldForm.Number);
                    break;
                case JsonTokenType.String when !reader.ValueIsEscaped:
                    cells[count++] = new Cell((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, FieldForm.Text);
                    break;
                case JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null:
                    cells[count++] = new Cell(0, 0, FieldForm.Other);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>The range of a value in its row; length zero for null, true and false.</summary>
    public readonly record struct Cell(int Start, int Length, FieldForm Form);
}

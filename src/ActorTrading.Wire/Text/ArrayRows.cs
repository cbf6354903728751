using System.Text.Json;
using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Bars as arrays of values without names, as the candles of exchanges come: a time and then open, high, low, close, volume (Binance, ccxt, Kraken and
/// most others), low, high, open, close, volume (Coinbase) or open, close, high, low, volume (Bitfinex). The first row that fits one order only decides.
/// </summary>
internal sealed class ArrayRows
{
    private const int MostCells = 16;

    private static readonly (Field[] Order, string Name)[] Orders =
    [
        ([Field.Open, Field.High, Field.Low, Field.Close], "open, high, low, close"),
        ([Field.Low, Field.High, Field.Open, Field.Close], "low, high, open, close"),
        ([Field.Open, Field.Close, Field.High, Field.Low], "open, close, high, low"),
    ];

    private Field[]? order;

    /// <summary>Reads a row; false where it is no bar, or could be bars of two orders that differ.</summary>
    public bool TryTake(ReadOnlySpan<byte> row, out FieldSet fields)
    {
        fields = default;
        Span<(int Start, int Length, FieldForm Form)> cells = stackalloc (int, int, FieldForm)[MostCells];
        if (!TryCut(row, cells, out var count) || count < 5) return false;
        var stamp = row.Slice(cells[0].Start, cells[0].Length);
        if (!TimeNumber.TryParse(stamp, out var time) || (time.StrongUnit() is null && time.Calendar() == CalendarReading.None)) return false;
        Span<long> values = stackalloc long[4];
        for (var i = 0; i < 4; i++)
        {
            if (DecimalText.TryParseRounded(row.Slice(cells[i + 1].Start, cells[i + 1].Length), out values[i]) != RejectReason.None) return false;
        }

        order ??= Decide(values);
        var chosen = order ?? Orders[0].Order; // all values equal: every order says the same
        fields.Set(Field.Time, cells[0].Start, cells[0].Length, cells[0].Form);
        for (var i = 0; i < 4; i++) fields.Set(chosen[i], cells[i + 1].Start, cells[i + 1].Length, cells[i + 1].Form);

        // Kraken has the average price before the volume, eight values in all.
        var volume = count == 8 ? 6 : 5;
        if (count > volume) fields.Set(Field.Volume, cells[volume].Start, cells[volume].Length, cells[volume].Form);
        return true;
    }

    /// <summary>The order that the values fit; the usual one where they fit it and another; null where nothing can be told.</summary>
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

    private static bool TryCut(ReadOnlySpan<byte> row, Span<(int Start, int Length, FieldForm Form)> cells, out int count)
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
                    cells[count++] = ((int)reader.TokenStartIndex, reader.ValueSpan.Length, FieldForm.Number);
                    break;
                case JsonTokenType.String when !reader.ValueIsEscaped:
                    cells[count++] = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, FieldForm.Text);
                    break;
                case JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null:
                    cells[count++] = (0, 0, FieldForm.Other);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}

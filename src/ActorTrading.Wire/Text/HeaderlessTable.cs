using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Detects the columns of a table without a header from the values: bars with a time (and optionally a symbol before it), Binance's
/// archives, quotes and trades. Ambiguous tables are left to the user.
/// </summary>
internal static class HeaderlessTable
{
    /// <summary>Maps the columns to fields, and returns a note about the assumptions.</summary>
    public static bool TryMap(IReadOnlyList<List<string>> rows, [NotNullWhen(true)] out Field[]? columns, out string note)
    {
        note = "";
        columns = null;
        if (rows.Count == 0) return false;
        var width = rows.Min(row => row.Count);
        while (width > 1 && rows.All(row => row.Count == width && row[width - 1].Length == 0)) width--;
        if (rows.Any(row => row.Count > width + 1)) return false;
        if (TryBinance(rows, width, out columns, out var name))
        {
            note = $"no header: read as Binance's {name}";
            return true;
        }

        var at = 0;
        var fields = new Field[width];
        if (rows.All(row => IsWord(row[0])) && width > 3) fields[at++] = Field.Symbol;
        if (!TryTime(rows, width, fields, ref at)) return false;
        var numbers = width - at;
        if (numbers < 2
            || rows.Any(row => Enumerable.Range(at, Math.Min(numbers, 4)).Any(i => !TableText.IsNumber(Plain(row[i]))))) return false;
        if (numbers >= 4 && rows.All(row => IsBar(row, at)))
        {
            (fields[at], fields[at + 1], fields[at + 2], fields[at + 3]) = (Field.Open, Field.High, Field.Low, Field.Close);
            var end = at + 5;
            var hasVolume = numbers == 5 || (numbers > 5 && rows.All(row => IsEpoch(row[end]))); // the end of the bar is after it
            if (hasVolume) fields[at + 4] = Field.Volume;
            note = !hasVolume && numbers > 4
                ? "no header: columns detected from their values, those after the close are not read"
                : "no header: columns detected from their values";
        }
        else if (numbers is 2 or 3
            && rows.All(row => Number(row[at]) is > 0 and var bid && Number(row[at + 1]) is var ask && ask >= bid && ask <= bid * 1.01m))
        {
            if (numbers == 3 && rows.Any(row => Number(row[at + 2]) is not 0)) return false;
            (fields[at], fields[at + 1]) = (Field.Bid, Field.Ask);
            note = "no header: read as bid and ask, from their values";
        }
        else if (numbers == 2)
        {
            (fields[at], fields[at + 1]) = (Field.Price, Field.Size);
            note = "no header: read as price and size";
        }
        else
        {
            return false;
        }

        columns = fields;
        return true;
    }

    private static bool TryBinance(IReadOnlyList<List<string>> rows, int width, [NotNullWhen(true)] out Field[]? columns, out string name)
    {
        const Field None = Field.None;
        (columns, name) = width switch
        {
            12 when rows.All(row => IsEpoch(row[0]) && IsEpoch(row[6]) && IsBar(row, 1)) =>
                ([Field.Time, Field.Open, Field.High, Field.Low, Field.Close, Field.Volume, None, None, None, None, None, None], "klines"),
            8 when rows.All(row => IsEpoch(row[5]) && IsFlag(row[6]) && IsFlag(row[7])) =>
                ([Field.Trade, Field.Price, Field.Size, None, None, Field.Time, None, None], "aggregated trades"),
            7 when rows.All(row => IsEpoch(row[5]) && IsFlag(row[6]) && !IsFlag(row[5])) && !rows.All(row => IsEpoch(row[4])) =>
                ([Field.Trade, Field.Price, Field.Size, None, None, Field.Time, None], "aggregated trades"),
            7 when rows.All(row => IsEpoch(row[4]) && IsFlag(row[5]) && IsFlag(row[6])) =>
                ([Field.Trade, Field.Price, Field.Size, None, Field.Time, None, None], "trades"),
            6 when rows.All(row => IsEpoch(row[4]) && IsFlag(row[5])) =>
                (new[] { Field.Trade, Field.Price, Field.Size, None, Field.Time, None }, "trades"),
            _ => (null, ""),
        };
        return columns is not null;
    }

    private static bool TryTime(IReadOnlyList<List<string>> rows, int width, Field[] fields, ref int at)
    {
        var index = at;
        if (width < at + 3) return false;
        if (rows.All(row => IsDate(row[index]) && SpelledTime.IsClock(Bytes(row[index + 1]))
            && (row[index + 1].Contains(':') || row[index + 1].Length is 4 or 6)))
        {
            fields[at++] = Field.Date;
            fields[at++] = Field.Clock;
            return true;
        }

        if (!rows.All(row => IsEpoch(row[index]) || IsDate(row[index]) || TableText.IsSpelledTime(row[index]))) return false;
        fields[at++] = Field.Time;
        return true;
    }

    private static bool IsDate(string cell) =>
        TableText.IsNumber(cell)
            ? TimeNumber.TryParse(Bytes(cell), out var number) && number.Calendar() == CalendarReading.Certain
            : TableText.IsSpelledTime(cell);

    private static bool IsEpoch(string cell) =>
        cell.Length >= 9 && TimeNumber.TryParse(Bytes(cell), out var number) && number.StrongUnit() is not null
            && number.Calendar() == CalendarReading.None;

    private static bool IsBar(List<string> row, int at)
    {
        var (open, high, low, close) = (Number(row[at]), Number(row[at + 1]), Number(row[at + 2]), Number(row[at + 3]));
        return high >= open && high >= close && low <= open && low <= close && low is not null;
    }

    private static bool IsFlag(string cell) => cell.ToLowerInvariant() is "true" or "false";

    private static bool IsWord(string cell) =>
        cell.Length > 0 && !TableText.IsNumber(cell) && !TableText.IsSpelledTime(cell) && !char.IsAsciiDigit(cell[0]);

    private static string Plain(string cell) => cell.Count(c => c == ',') == 1 && !cell.Contains('.') ? cell.Replace(',', '.') : cell;

    private static decimal? Number(string cell) =>
        decimal.TryParse(Plain(cell), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static byte[] Bytes(string cell) => System.Text.Encoding.UTF8.GetBytes(cell);
}

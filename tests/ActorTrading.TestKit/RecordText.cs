using System.Globalization;
using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;

namespace ActorTrading.TestKit;

/// <summary>
/// A record as one readable line with every bit: two records are equal if their lines are. Numbers are written as stored (units of the
/// record, nanoseconds, the bits of a double), text with JSON's escapes.
/// </summary>
public static class RecordText
{
    /// <summary>The line, such as <c>Tick AAPL feed-a/3/17 1720522800000000000 A=22799000000 B=10000000000</c>.</summary>
    public static string Describe(in Record record)
    {
        var line = new StringBuilder();
        line.Append(
            CultureInfo.InvariantCulture,
            $"{record.Kind} {record.Symbol} {record.Id.Source}/{record.Id.Epoch}/{record.Id.Seq} {record.Time.Nanoseconds}");
        Field(line, 'A', record.A);
        Field(line, 'B', record.B);
        Field(line, 'C', record.C);
        Field(line, 'D', record.D);
        Field(line, 'E', record.E);
        if (record.Kind == RecordKind.Bar && record.VolumeHigh != record.E >> 63)
            line.Append(CultureInfo.InvariantCulture, $" volume={record.Volume}");
        if (!record.Units.IsDefault) line.Append(CultureInfo.InvariantCulture, $" in {record.Units}");
        if (record.Frame != 0)
        {
            line.Append(
                CultureInfo.InvariantCulture,
                $" frame={(record.Frame.Code() == Frames.SecondsFollow ? $"{(int)record.Frame}s" : record.Frame.Code())}");
        }
        if (record.Side != 0) line.Append(CultureInfo.InvariantCulture, $" side={(byte)record.Side}");
        if (record.Text is not null) line.Append(" text=").Append(Quote(record.Text));
        return line.ToString();
    }

    /// <summary>The lines of many records.</summary>
    public static string[] Describe(ReadOnlySpan<Record> records)
    {
        var lines = new string[records.Length];
        for (var i = 0; i < lines.Length; i++) lines[i] = Describe(records[i]);
        return lines;
    }

    private static void Field(StringBuilder line, char name, long value)
    {
        if (value != 0) line.Append(CultureInfo.InvariantCulture, $" {name}={value}");
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is >= ' ' and <= '~' and not '"' and not '\\') quoted.Append(c);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return quoted.Append('"').ToString();
    }
}

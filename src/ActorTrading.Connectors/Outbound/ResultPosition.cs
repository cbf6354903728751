using System.Globalization;

namespace ActorTrading.Connectors.Outbound;

/// <summary>
/// A position in a stream of results; it increases from result to result. Signals: <paramref name="Major"/> is the position in the signal
/// log. Bars and values: <paramref name="Major"/> is the position of the event in the journal, <paramref name="Minor"/> the number within
/// the event, from 1. Rejections: the number of the file in the quarantine, and the offset after the line in it.
/// </summary>
public readonly record struct ResultPosition(long Major, long Minor = 0) : IComparable<ResultPosition>
{
    /// <summary>Parses the text that <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out ResultPosition position)
    {
        position = default;
        var parts = (text ?? "").Split('.');
        long minor = 0;
        if (parts.Length > 2 || !TryNumber(parts[0], out var major) || (parts.Length == 2 && !TryNumber(parts[1], out minor))) return false;
        position = new ResultPosition(major, minor);
        return true;
    }

    /// <summary>The later of two positions.</summary>
    public static ResultPosition Max(ResultPosition one, ResultPosition other) => one.CompareTo(other) >= 0 ? one : other;

    /// <inheritdoc/>
    public int CompareTo(ResultPosition other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    /// <summary>The text, such as <c>17</c> or <c>17.3</c>.</summary>
    public override string ToString() =>
        Minor == 0 ? Major.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

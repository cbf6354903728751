using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>Recognises times in the place of a name or a first value. Not thread-safe.</summary>
internal sealed class TimeNames
{
    private const int ShortestCount = 10; // minimum digits of a time since 1970, so that 600519 and 100000001 stay names

    private readonly SpelledTime dayFirst = new(InputZone.Utc) { Order = DateOrder.DayFirst };
    private readonly SpelledTime monthFirst = new(InputZone.Utc) { Order = DateOrder.MonthFirst };

    /// <summary>Whether the text is a date, a time with its date, or a number that can only be a time.</summary>
    public bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 8 || text[0] is < (byte)'0' or > (byte)'9') return false;
        if (TimeNumber.TryParse(text, out var number))
            return number.Calendar() == CalendarReading.Certain || (text.Length >= ShortestCount && number.StrongUnit() is not null);
        return dayFirst.TryParse(text, out _) == RejectReason.None || monthFirst.TryParse(text, out _) == RejectReason.None;
    }
}

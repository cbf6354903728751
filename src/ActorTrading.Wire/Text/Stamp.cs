using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>Precision of a written time.</summary>
internal enum StampForm : byte
{
    /// <summary>A moment.</summary>
    Moment,

    /// <summary>A moment that is midnight in the written zone.</summary>
    Midnight,

    /// <summary>A date without a time.</summary>
    Date,
}

/// <summary>A parsed time: nanoseconds since 1970 UTC; for a date or a midnight also that date.</summary>
internal readonly record struct Stamp(long Nanoseconds, StampForm Form = StampForm.Moment, long LocalSeconds = 0)
{
    /// <summary>Midnight UTC of the written date; the moment itself if it is not a midnight.</summary>
    public long AsDate => Form == StampForm.Moment ? Nanoseconds : LocalSeconds * Timestamp.Second;

    /// <summary>A time in a zone: seconds since 1970 in local time and nanoseconds.</summary>
    public static RejectReason OfLocal(long seconds, int fraction, StampForm form, InputZone zone, out Stamp stamp)
    {
        var verdict = zone.TryToUtc(seconds, fraction, out var nanoseconds);
        stamp = Make(nanoseconds, seconds, fraction, form);
        return verdict;
    }

    /// <summary>A time at a fixed offset in seconds east of Greenwich.</summary>
    public static RejectReason OfOffset(long seconds, int fraction, StampForm form, int offset, out Stamp stamp)
    {
        var verdict = InputZone.TryCombine(seconds - offset, fraction, out var nanoseconds);
        stamp = Make(nanoseconds, seconds, fraction, form);
        return verdict;
    }

    private static Stamp Make(long nanoseconds, long seconds, int fraction, StampForm form) =>
        form == StampForm.Moment && fraction == 0 && seconds % 86_400 == 0
            ? new Stamp(nanoseconds, StampForm.Midnight, seconds)
            : new Stamp(nanoseconds, form, seconds);
}

using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Excluding;

/// <summary>Which accepted records are to be excluded, and who asks for it.</summary>
/// <param name="Readings">Filters; several where an id can be read in several ways: then exactly one must fit records
/// that were accepted.</param>
/// <param name="By">The name by which the access rules know the caller; empty where there are none.</param>
public sealed record ExclusionRequest(IReadOnlyList<RecordFilter> Readings, string By = "")
{
    /// <summary>Longest <see cref="By"/>, in characters; what is beyond is cut off.</summary>
    public const int MaxName = 60;

    /// <summary>Reads an id, <c>source[:epoch]:seq</c>; null where it is none. The name of a source may hold colons.</summary>
    public static IReadOnlyList<RecordFilter>? ParseId(string text)
    {
        var end = text.LastIndexOf(':');
        if (end <= 0 || !TryNumber(text.AsSpan(end + 1), out var seq) || seq < 0) return null;
        var readings = new List<RecordFilter>();
        var middle = text.LastIndexOf(':', end - 1);
        if (middle >= 0 && TryNumber(text.AsSpan(middle + 1, end - middle - 1), out var epoch)
            && Source.TryParse(text.AsSpan(0, middle), out var named))
            readings.Add(new RecordFilter(named, epoch, seq));
        if (Source.TryParse(text.AsSpan(0, end), out var source)) readings.Add(new RecordFilter(source, Seq: seq));
        return readings.Count > 0 ? readings : null;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(
            text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out number);
}

/// <summary>What came of it.</summary>
/// <param name="Exclusion">The exclusion that covers the records, or that was taken back.</param>
/// <param name="IsChanged">Whether it is new; otherwise its records were excluded before, and nothing was changed.</param>
/// <param name="Signals">What it changed among the signals.</param>
public sealed record ExclusionOutcome(Symbol Symbol, Exclusion Exclusion, bool IsChanged, SignalChanges Signals);

/// <summary>What a change of exclusions changed among the signals of a symbol.</summary>
/// <param name="Key">Under which the withdrawals are in the signal log.</param>
/// <param name="Withdrawn">The withdrawals, in the order of the signals that they take back; the number of each is that signal's
/// position in the log.</param>
/// <param name="Anew">Signals that the records left give on events of before the change, and that the log has not got: they are
/// not logged, since their time is over.</param>
public sealed record SignalChanges(PlanHash Key, IReadOnlyList<Signal> Withdrawn, IReadOnlyList<Signal> Anew)
{
    /// <summary>None.</summary>
    public static SignalChanges None { get; } = new(default, [], []);
}

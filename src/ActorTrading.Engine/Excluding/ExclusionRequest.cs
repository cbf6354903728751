using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Excluding;

/// <summary>The accepted records to exclude, and the caller.</summary>
/// <param name="Readings">Filters; several if the id is ambiguous: then exactly one of them must match accepted records.</param>
/// <param name="By">The name of the caller in the access rules; empty if there are no rules.</param>
public sealed record ExclusionRequest(IReadOnlyList<RecordFilter> Readings, string By = "")
{
    /// <summary>Maximum length of <see cref="By"/>, in characters; a longer name is truncated.</summary>
    public const int MaxName = 60;

    /// <summary>Parses an id, <c>source[:epoch]:seq</c>; null if it is invalid. The name of a source may contain colons.</summary>
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

/// <summary>The outcome of an exclusion, or of its end.</summary>
/// <param name="Exclusion">The exclusion that covers the records, or the ended one.</param>
/// <param name="IsChanged">Whether anything changed; false if the records were already excluded.</param>
/// <param name="Signals">The changes among the signals.</param>
public sealed record ExclusionOutcome(Symbol Symbol, Exclusion Exclusion, bool IsChanged, SignalChanges Signals);

/// <summary>The changes that a change of exclusions causes among the signals of a symbol.</summary>
/// <param name="Key">The key of the withdrawals in the signal log.</param>
/// <param name="Withdrawn">
/// The withdrawals, in the order of the withdrawn signals. The number of each is the position of the withdrawn signal in the log.
/// </param>
/// <param name="Anew">
/// Signals that the remaining records give on events before the change and that are not in the log. They are not logged, because their time
/// has passed.
/// </param>
public sealed record SignalChanges(PlanHash Key, IReadOnlyList<Signal> Withdrawn, IReadOnlyList<Signal> Anew)
{
    /// <summary>No changes.</summary>
    public static SignalChanges None { get; } = new(default, [], []);
}

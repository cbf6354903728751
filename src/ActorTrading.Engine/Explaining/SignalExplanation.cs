using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Explaining;

/// <summary>Comparison of a logged signal with the signal that the journal gives when it is folded again.</summary>
public enum ExplanationOutcome
{
    /// <summary>Both are equal, bit for bit.</summary>
    Same,

    /// <summary>They differ: the log or the journal was changed.</summary>
    Different,

    /// <summary>The events give the signal, but it is not in the log (yet).</summary>
    NotLogged,

    /// <summary>The signal is in the log, but the events do not give it: the log or the journal was changed.</summary>
    NotFired,

    /// <summary>The signal fired under another plan; the present plan cannot fold it again.</summary>
    OfAnotherPlan,

    /// <summary>The events on which it fired were deleted.</summary>
    EventsDeleted,

    /// <summary>It was logged and later withdrawn: a record that made it fire was excluded.</summary>
    Withdrawn,
}

/// <summary>A value that a rule reads: before the record that made the rule fire, and when it fired. NaN if absent.</summary>
public readonly record struct ExplainedValue(string Name, double Before, double At);

/// <summary>Explanation of a signal: why it fired.</summary>
public sealed record SignalExplanation
{
    /// <summary>Maximum number of listed records.</summary>
    public const int MaxRecords = 256;

    /// <summary>The id of the signal.</summary>
    public required SignalId Id { get; init; }

    /// <summary>The result of comparing log and journal.</summary>
    public required ExplanationOutcome Outcome { get; init; }

    /// <summary>The logged signal; null if it is not in the log.</summary>
    public required LoggedSignal? Logged { get; init; }

    /// <summary>The position of the log entry that withdraws it; 0 if it was not withdrawn.</summary>
    public long WithdrawnAt { get; init; }

    /// <summary>The signal that the events give; null if they give none.</summary>
    public required Signal? Refolded { get; init; }

    /// <summary>Description of the rule in plain English, line by line: what it reads, when it fires and when it is silent.</summary>
    public required IReadOnlyList<string> Rule { get; init; }

    /// <summary>The values that the rule reads, in its order.</summary>
    public required IReadOnlyList<ExplainedValue> Values { get; init; }

    /// <summary>The bar that closed; null if it was not folded again.</summary>
    public required Bar? Bar { get; init; }

    /// <summary>The units of the prices and the volume of <see cref="Bar"/>.</summary>
    public Units Units { get; init; }

    /// <summary>The number of the symbol's event on which it fired; 0 if it was not folded again.</summary>
    public required long Event { get; init; }

    /// <summary>The last records of the bar, in the order of acceptance, at most <see cref="MaxRecords"/>.</summary>
    public required IReadOnlyList<Record> Records { get; init; }

    /// <summary>Number of records of the bar, including those not listed.</summary>
    public required long RecordsOfBar { get; init; }
}

using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Explaining;

/// <summary>How a signal as it was logged compares with what the journal gives when it is folded again.</summary>
public enum ExplanationOutcome
{
    /// <summary>It is the same, bit for bit.</summary>
    Same,

    /// <summary>It differs: log or journal were changed.</summary>
    Different,

    /// <summary>The events give it, and it is not in the log (yet).</summary>
    NotLogged,

    /// <summary>It is in the log, and the events do not give it: log or journal were changed.</summary>
    NotFired,

    /// <summary>It fired under another plan than the present one, by which it cannot be folded again.</summary>
    OfAnotherPlan,

    /// <summary>The events that it fired on have been deleted.</summary>
    EventsDeleted,

    /// <summary>It was logged and withdrawn later: a record that made it fire was excluded.</summary>
    Withdrawn,
}

/// <summary>
/// A value that a rule reads: as it was before the record that made the rule fire, and as the rule saw it. NaN where absent.
/// </summary>
public readonly record struct ExplainedValue(string Name, double Before, double At);

/// <summary>Why a signal fired.</summary>
public sealed record SignalExplanation
{
    /// <summary>Records of a bar that are kept at most.</summary>
    public const int MaxRecords = 256;

    /// <summary>Which signal.</summary>
    public required SignalId Id { get; init; }

    /// <summary>How log and journal compare.</summary>
    public required ExplanationOutcome Outcome { get; init; }

    /// <summary>The signal as the log has it; null where it has none.</summary>
    public required LoggedSignal? Logged { get; init; }

    /// <summary>The position of the entry of the log that withdraws it; 0 where none does.</summary>
    public long WithdrawnAt { get; init; }

    /// <summary>The signal as the events give it; null where they give none.</summary>
    public required Signal? Refolded { get; init; }

    /// <summary>What the rule watches, when it fires and when it is silent, in plain English, line by line.</summary>
    public required IReadOnlyList<string> Rule { get; init; }

    /// <summary>The values that the rule reads, in its order.</summary>
    public required IReadOnlyList<ExplainedValue> Values { get; init; }

    /// <summary>The bar that closed; null where it was not folded again.</summary>
    public required Bar? Bar { get; init; }

    /// <summary>What the prices and the volume of <see cref="Bar"/> count.</summary>
    public Units Units { get; init; }

    /// <summary>The number of the symbol's event on which it fired; 0 where it was not folded again.</summary>
    public required long Event { get; init; }

    /// <summary>The last records that built the bar, in the order of acceptance, at most <see cref="MaxRecords"/>.</summary>
    public required IReadOnlyList<Record> Records { get; init; }

    /// <summary>How many records built the bar, those not listed included.</summary>
    public required long RecordsOfBar { get; init; }
}

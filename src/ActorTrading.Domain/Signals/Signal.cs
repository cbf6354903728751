using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Signals;

/// <summary>A value that a rule read, with its name in rules; NaN if it was absent.</summary>
public readonly record struct SignalValue(string Name, double Value);

/// <summary>
/// The cause of a bar's close or of a rule's evaluation: a record of the symbol, or a wall clock (anonymous identity and no price). The
/// price is in the units of the signal.
/// </summary>
public readonly record struct Trigger(Identity Id, Timestamp Time, long Price)
{
    /// <summary>Whether the cause is a clock.</summary>
    public bool IsClock => Price == 0 && Id == Identity.Anonymous;
}

/// <summary>
/// A signal of a rule. Folding the same records again gives the same <see cref="Id"/>, so that a receiver can drop signals it has already
/// seen. <see cref="Number"/> counts the signals of the symbol from 1 without a gap. A withdrawal (<see cref="SignalAction.Withdrawn"/>) is
/// a copy of the withdrawn signal with that action; its number is the withdrawn signal's position in the log.
/// </summary>
public sealed record Signal(
    Symbol Symbol,
    long Number,
    string RuleId,
    string RuleName,
    string RuleText,
    SignalAction Action,
    Frame Frame,
    Timestamp BarTime,
    int Ordinal,
    Timestamp Time,
    long Price,
    IReadOnlyList<SignalValue> Values,
    Trigger Trigger)
{
    /// <summary>Number of decimals of <see cref="Price"/> and of the trigger's price.</summary>
    public int PriceDecimals { get; init; } = Fixed8.Decimals;

    /// <summary>
    /// The unique id: symbol, rule, frame, start of the bar in nanoseconds, and the count of this rule's signals in this bar from 0 (on the
    /// tick frame, for a late tick: <see cref="Number"/>).
    /// </summary>
    public string Id => SignalId.Of(this).ToString();

    /// <summary>One readable line.</summary>
    public override string ToString() =>
        $"{Time} {Action.Name().ToUpperInvariant()} {Symbol} at {FixedPoint.Format(Price, PriceDecimals)} ({RuleText})";
}

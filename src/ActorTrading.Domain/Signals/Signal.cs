using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Signals;

/// <summary>A value that took part in a rule, by the name rules spell; absent (NaN) where it had none.</summary>
public readonly record struct SignalValue(string Name, double Value);

/// <summary>
/// What made a bar close or a rule be looked at: a record of the symbol, or (with an anonymous identity and
/// no price) a wall clock. Price in the units of its signal.
/// </summary>
public readonly record struct Trigger(Identity Id, Timestamp Time, long Price)
{
    /// <summary>Whether a clock did it.</summary>
    public bool IsClock => Price == 0 && Id == Identity.Anonymous;
}

/// <summary>
/// A rule has fired. <see cref="Id"/> is the same however often the same records are folded, so that a
/// receiver can drop what it has seen; <see cref="Number"/> counts the signals of the symbol from 1 without a gap. A withdrawal
/// (<see cref="SignalAction.Withdrawn"/>) is the signal that it takes back with that action, and its number is that
/// one's position in the log.
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
    /// <summary>How many decimals <see cref="Price"/> and the trigger's price count.</summary>
    public int PriceDecimals { get; init; } = Fixed8.Decimals;

    /// <summary>
    /// Symbol, rule, frame, opening time of the bar in nanoseconds, and the count of this rule in this bar from 0 (on the
    /// tick frame, when a late tick fires it: <see cref="Number"/>). No two signals have the same.
    /// </summary>
    public string Id => SignalId.Of(this).ToString();

    /// <summary>One readable line.</summary>
    public override string ToString() =>
        $"{Time} {Action.Name().ToUpperInvariant()} {Symbol} at {FixedPoint.Format(Price, PriceDecimals)} ({RuleText})";
}

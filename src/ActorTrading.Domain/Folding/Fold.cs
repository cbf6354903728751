using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>What is to be done with a record.</summary>
public enum Verdict : byte
{
    /// <summary>Journal it and apply it.</summary>
    Accepted,

    /// <summary>It is here already: acknowledge it, and no more.</summary>
    Duplicate,

    /// <summary>It breaks a rule: tell the sender which.</summary>
    Rejected,
}

/// <summary>A verdict, with the reason of a rejection.</summary>
public readonly record struct Decision(Verdict Verdict, RejectReason Reason)
{
    internal static readonly Decision Accepted = new(Verdict.Accepted, RejectReason.None);
    internal static readonly Decision Duplicate = new(Verdict.Duplicate, RejectReason.None);

    /// <summary>It breaks that rule.</summary>
    public static Decision Rejected(RejectReason reason) => new(Verdict.Rejected, reason);
}

/// <summary>
/// The whole of what a symbol does. <see cref="Decide"/> says what becomes of a record; the accepted ones are journaled
/// by whoever runs the fold, and <see cref="Apply(SymbolState, in Record, IFoldOutput)"/> folds them into the state. No
/// clock, no I/O, no chance: the same records in the same order give the same state and the same signals, wherever
/// and however often they are folded, and however they are cut into batches.
/// </summary>
public static class Fold
{
    /// <summary>The rules that a record must satisfy whatever its symbol has accepted before.</summary>
    public static RejectReason Check(SymbolPlan plan, in Record record)
    {
        if (record.Units != plan.Units)
        {
            var misfit = UnitConversion.TryConvert(record, plan.Units, out var converted, out _);
            return misfit == RejectReason.None ? CheckFitting(plan, converted) : misfit;
        }

        return CheckFitting(plan, record);
    }

    /// <summary>Whether the instrument's units moved a number of an accepted record, by less than one part in 1e9.</summary>
    public static bool IsRounded(SymbolPlan plan, in Record record) =>
        record.Units != plan.Units && UnitConversion.Rounds(record, plan.Units);

    /// <summary>
    /// Whether a record that was accepted under an earlier plan can be folded by this one. What cannot is passed over: a bar
    /// longer than every frame, a number beyond the instrument's range, a price that is not positive where prices are.
    /// </summary>
    public static bool CanFold(SymbolPlan plan, in Record record)
    {
        if (record.Kind == RecordKind.Bar && !plan.TakesBarsOf(record.Frame)) return false;
        if (record.Units == plan.Units) return plan.Settings.Limits.AnyPrices || !TickRules.HasPriceBelowOne(record);
        return UnitConversion.TryRound(record, plan.Units, out var converted)
            && (plan.Settings.Limits.AnyPrices || !TickRules.HasPriceBelowOne(converted));
    }

    private static RejectReason CheckFitting(SymbolPlan plan, in Record record)
    {
        var reason = TickRules.Check(record, plan.Settings.Limits);
        return reason == RejectReason.None && record.Kind == RecordKind.Bar && !plan.TakesBarsOf(record.Frame)
            ? RejectReason.FrameNotInPlan
            : reason;
    }

    /// <summary>
    /// Judges a record against the rules and against what the symbol has accepted. Nothing that a state hash covers
    /// changes; only the note of what has been accepted moves on, so that a whole batch, and the next one while the
    /// first is being journaled, can be judged before any of it is applied. If journaling fails, drop the state and recover it.
    /// </summary>
    public static Decision Decide(SymbolState state, in Record record)
    {
        if (record.Units == state.Plan.Units) return DecideFitting(state, record);
        var misfit = UnitConversion.TryConvert(record, state.Plan.Units, out var converted, out _);
        return misfit == RejectReason.None ? DecideFitting(state, converted) : Decision.Rejected(misfit);
    }

    private static Decision DecideFitting(SymbolState state, in Record record)
    {
        var reason = CheckFitting(state.Plan, record);
        if (reason != RejectReason.None) return Decision.Rejected(reason);
        if (!state.Sources.IsNew(record.Id)) return Decision.Duplicate;
        if (record.Kind == RecordKind.EconomicIndicator && !state.AcceptsFigure(record.Text!))
            return Decision.Rejected(RejectReason.TooManyNames);
        if (state.Plan.Settings.Limits.SpikeBand > 0 && IsPrice(state.Plan, record, out var price))
        {
            if (IsSpike(state, record.Time, price)) return Decision.Rejected(RejectReason.PriceSpike);
            if (record.Time.Nanoseconds >= state.AcceptedTime)
            {
                state.AcceptedPrice = price;
                state.AcceptedTime = record.Time.Nanoseconds;
            }
        }

        state.Ahead++;
        state.Sources.Of(record.Id.Source).Accept(record.Id);
        return Decision.Accepted;
    }

    /// <summary>
    /// Judges a record of a symbol never heard of. It comes into being with what it accepts, not by what it refuses:
    /// <paramref name="state"/> is its new state, or null.
    /// </summary>
    public static Decision DecideFirst(SymbolPlan plan, in Record record, out SymbolState? state)
    {
        state = null;
        var reason = Check(plan, record);
        if (reason != RejectReason.None) return Decision.Rejected(reason);
        state = new SymbolState(record.Symbol, plan);
        return Decide(state, record);
    }

    /// <summary>Folds an accepted record into the state; false when it came too late to change its bar or its part.</summary>
    public static bool Apply(SymbolState state, in Record record, IFoldOutput output)
    {
        if (record.Units == state.Plan.Units) return ApplyFitting(state, record, output);

        // What another plan accepted is rounded, whatever that loses; what does not fit was passed over (CanFold).
        if (!UnitConversion.TryRound(record, state.Plan.Units, out var converted))
            throw new InvalidOperationException($"A number of {record.Id} does not fit the units of {state.Symbol}.");
        return ApplyFitting(state, converted, output);
    }

    private static bool ApplyFitting(SymbolState state, in Record record, IFoldOutput output)
    {
        var inTime = ApplyToParts(state, record, output);
        state.CatchUp();
        state.Sources.Apply(record.Id, inTime);
        if (!inTime) output.OnLate(record);
        return inTime;
    }

    /// <summary>Whether a record is here already, or was passed by.</summary>
    public static bool IsKnown(SymbolState state, in Record record) => !state.Sources.IsNew(record.Id);

    /// <summary>
    /// Passes over an accepted record that was excluded: the state stays as it is, but for the note that it was accepted, so that
    /// one which is sent again is still a duplicate.
    /// </summary>
    public static void PassOver(SymbolState state, in Record record) => PassOver(state, record.Id);

    /// <summary>The same for a record that is known by its id only.</summary>
    public static void PassOver(SymbolState state, in Identity id) => state.Sources.PassOver(id);

    /// <summary>Folds a journaled event into the state.</summary>
    public static void Apply(SymbolState state, SymbolEvent happened, IFoldOutput output)
    {
        switch (happened)
        {
            case RecordsAccepted accepted:
                foreach (var record in accepted.Records) Apply(state, record, output);
                break;
            case ClockAdvanced clock:
                state.Ohlcv.Advance(clock.To.Nanoseconds, new Trigger(Identity.Anonymous, clock.To, 0), output);
                break;
        }
    }

    private static bool ApplyToParts(SymbolState state, in Record record, IFoldOutput output)
    {
        var inTime = true;
        switch (record.Kind)
        {
            case RecordKind.Quote: inTime = state.NeedLevel1().Apply(record); break;
            case RecordKind.BookUpdate: state.NeedLevel2().Apply(record); break;
            case RecordKind.Print: state.NeedTimeAndSales().Apply(record); break;
            case RecordKind.NewsSentiment: state.NeedNews().Apply(record); break;
            case RecordKind.MarketData: inTime = state.NeedFundamentals().Apply(record); break;
            case RecordKind.EconomicIndicator: inTime = state.NeedEconomy().Apply(record); break;
        }

        if (!IsPrice(state.Plan, record, out var price)) return inTime;
        state.Ohlcv.TakePrice(record.Time.Nanoseconds, price);
        var trigger = new Trigger(record.Id, record.Time, price);
        return record.Kind switch
        {
            RecordKind.Bar when record.Frame == Frame.Tick => state.Ohlcv.MergePart(record, trigger, state.Plan.Counts(record), output),
            RecordKind.Bar => state.Ohlcv.Merge(record, trigger, output),
            _ => state.Ohlcv.Trade(trigger, record.Kind == RecordKind.Quote ? 0 : record.B, state.Plan.Counts(record), output),
        };
    }

    /// <summary>
    /// Whether the record, in the units of the plan, makes a price of the kind that the plan builds bars from, and which.
    /// </summary>
    public static bool IsPrice(SymbolPlan plan, in Record record, out long price)
    {
        var settings = plan.Settings;
        switch (record.Kind)
        {
            case RecordKind.Tick or RecordKind.Print:
                price = record.A;
                return settings.PriceSource == PriceSource.Trade;
            case RecordKind.Bar:
                price = record.D;
                return true;
            case RecordKind.Quote:
                return IsQuotedPrice(settings, record, out price);
            default:
                price = 0;
                return false;
        }
    }

    /// <summary>A side without price and size is not quoted; where prices are positive, one without price.</summary>
    private static bool IsQuotedPrice(PlanSettings settings, in Record record, out long price)
    {
        var any = settings.Limits.AnyPrices;
        var hasBid = any ? (record.A | record.B) != 0 : record.A != 0;
        var hasAsk = any ? (record.C | record.D) != 0 : record.C != 0;
        (price, var isThere) = settings.PriceSource switch
        {
            PriceSource.Bid => (record.A, hasBid),
            PriceSource.Ask => (record.C, hasAsk),
            PriceSource.Mid => (record.A + ((record.C - record.A) / 2), hasBid && hasAsk),
            _ => (0, false),
        };
        return isThere;
    }

    private static bool IsSpike(SymbolState state, Timestamp time, long price)
    {
        var limits = state.Plan.Settings.Limits;
        if (state.AcceptedTime == long.MinValue || state.AcceptedPrice == 0) return false; // nothing is a percentage of zero
        var (earlier, later) = time.Nanoseconds < state.AcceptedTime
            ? (time.Nanoseconds, state.AcceptedTime)
            : (state.AcceptedTime, time.Nanoseconds);
        if ((ulong)(later - earlier) > (ulong)limits.SpikeWithin) return false; // centuries apart fit no long
        return Math.Abs((double)price - state.AcceptedPrice) > limits.SpikeBand * Math.Abs((double)state.AcceptedPrice);
    }
}

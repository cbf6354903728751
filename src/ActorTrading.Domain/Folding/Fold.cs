using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>Outcome of the check of one record.</summary>
public enum Verdict : byte
{
    /// <summary>The record must be journaled and applied.</summary>
    Accepted,

    /// <summary>The record was accepted before: acknowledge it and do nothing else.</summary>
    Duplicate,

    /// <summary>The record breaks a rule: report the reason to the sender.</summary>
    Rejected,
}

/// <summary>A verdict, and the reason if the verdict is a rejection.</summary>
public readonly record struct Decision(Verdict Verdict, RejectReason Reason)
{
    internal static readonly Decision Accepted = new(Verdict.Accepted, RejectReason.None);
    internal static readonly Decision Duplicate = new(Verdict.Duplicate, RejectReason.None);

    /// <summary>Rejection with that reason.</summary>
    public static Decision Rejected(RejectReason reason) => new(Verdict.Rejected, reason);
}

/// <summary>
/// The state machine of one symbol. <see cref="Decide"/> judges a record. The caller journals the accepted records, and
/// <see cref="Apply(SymbolState, in Record, IFoldOutput)"/> folds them into the state. Deterministic: no clock, no I/O, no randomness. The
/// same records in the same order give the same state and the same signals on every machine, and the boundaries of batches have no effect.
/// </summary>
public static class Fold
{
    /// <summary>Checks the rules that do not depend on the records accepted before.</summary>
    public static RejectReason Check(SymbolPlan plan, in Record record)
    {
        if (record.Units != plan.Units)
        {
            var misfit = UnitConversion.TryConvert(record, plan.Units, out var converted, out _);
            return misfit == RejectReason.None ? CheckFitting(plan, converted) : misfit;
        }

        return CheckFitting(plan, record);
    }

    /// <summary>
    /// Whether conversion to the instrument's units changed a number of an accepted record, by less than one part in 1e9.
    /// </summary>
    public static bool IsRounded(SymbolPlan plan, in Record record) =>
        record.Units != plan.Units && UnitConversion.Rounds(record, plan.Units);

    /// <summary>
    /// Whether this plan can fold a record that was accepted under an earlier plan. Records that it cannot fold are skipped: a bar longer
    /// than every frame, a number beyond the instrument's range, a price of zero or below if prices must be positive.
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
    /// Judges a record against the rules and against the records that the symbol accepted before. Does not change anything that the state
    /// hash covers; it only advances the accepted position. So a whole batch can be judged before any of it is applied, and the next batch
    /// while the first is being journaled. If journaling fails, drop the state and recover it.
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
    /// Judges the first record of a new symbol. Only an accepted record creates the symbol: <paramref name="state"/> is its new state, or
    /// null if the record was rejected.
    /// </summary>
    public static Decision DecideFirst(SymbolPlan plan, in Record record, out SymbolState? state)
    {
        state = null;
        var reason = Check(plan, record);
        if (reason != RejectReason.None) return Decision.Rejected(reason);
        state = new SymbolState(record.Symbol, plan);
        return Decide(state, record);
    }

    /// <summary>Folds an accepted record into the state. Returns false if the record was too late to change its bar or its part.</summary>
    public static bool Apply(SymbolState state, in Record record, IFoldOutput output)
    {
        if (record.Units == state.Plan.Units) return ApplyFitting(state, record, output);

        // Records accepted under another plan are rounded, whatever the loss; those that do not fit were skipped (CanFold).
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

    /// <summary>Whether a record was already accepted or excluded.</summary>
    public static bool IsKnown(SymbolState state, in Record record) => !state.Sources.IsNew(record.Id);

    /// <summary>
    /// Skips an accepted record that was excluded. The state does not change; only the record's id is noted, so that a copy sent again is
    /// still a duplicate.
    /// </summary>
    public static void PassOver(SymbolState state, in Record record) => PassOver(state, record.Id);

    /// <summary>Skips an accepted record of which only the id is known.</summary>
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
    /// Whether the record, in the units of the plan, contains a price of the kind that the plan builds bars from, and that price.
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

    /// <summary>
    /// A side with price 0 and size 0 is not quoted. Where prices must be positive, price 0 alone means that the side is not quoted.
    /// </summary>
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
        if (state.AcceptedTime == long.MinValue || state.AcceptedPrice == 0) return false; // no percentage of zero
        var (earlier, later) = time.Nanoseconds < state.AcceptedTime
            ? (time.Nanoseconds, state.AcceptedTime)
            : (state.AcceptedTime, time.Nanoseconds);
        if ((ulong)(later - earlier) > (ulong)limits.SpikeWithin) return false; // centuries apart fit no long
        return Math.Abs((double)price - state.AcceptedPrice) > limits.SpikeBand * Math.Abs((double)state.AcceptedPrice);
    }
}

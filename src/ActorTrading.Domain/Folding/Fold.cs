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
        var reason = Check(state.Plan, record);
        if (reason != RejectReason.None) return Decision.Rejected(reason);
        if (!state.Sources.IsNew(record.Id)) return Decision.Duplicate;
        if (record.Kind == RecordKind.EconomicIndicator && !state.AcceptsFigure(record.Text!)) return Decision.Rejected(RejectReason.TooManyNames);
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
        var inTime = ApplyToParts(state, record, output);
        state.CatchUp();
        ref var source = ref state.Sources.Of(record.Id.Source);
        source.Apply(record.Id);
        if (inTime)
        {
            source.Applied++;
            return true;
        }

        source.Late++;
        output.OnLate(record);
        return false;
    }

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
            RecordKind.Bar when record.Frame == Frame.Tick => state.Ohlcv.MergePart(OhlcvBar.From(record), trigger, state.Plan.Counts(record), output),
            RecordKind.Bar => state.Ohlcv.Merge(OhlcvBar.From(record), trigger, output),
            _ => state.Ohlcv.Trade(trigger, record.Kind == RecordKind.Quote ? 0 : record.B, state.Plan.Counts(record), output),
        };
    }

    /// <summary>Whether the record makes a price of the kind that the plan builds bars from, and which, in 1e-8.</summary>
    public static bool IsPrice(SymbolPlan plan, in Record record, out long price)
    {
        var source = plan.Settings.PriceSource;
        price = record.Kind switch
        {
            RecordKind.Tick or RecordKind.Print when source == PriceSource.Trade => record.A,
            RecordKind.Quote when source == PriceSource.Bid => record.A,
            RecordKind.Quote when source == PriceSource.Ask => record.C,
            RecordKind.Quote when source == PriceSource.Mid && record.A != 0 && record.C != 0 => record.A + ((record.C - record.A) / 2),
            RecordKind.Bar => record.D,
            _ => 0,
        };
        return price != 0;
    }

    private static bool IsSpike(SymbolState state, Timestamp time, long price)
    {
        var limits = state.Plan.Settings.Limits;
        if (state.AcceptedPrice == 0) return false;
        var (earlier, later) = time.Nanoseconds < state.AcceptedTime
            ? (time.Nanoseconds, state.AcceptedTime)
            : (state.AcceptedTime, time.Nanoseconds);
        if ((ulong)(later - earlier) > (ulong)limits.SpikeWithin) return false; // centuries apart fit no long
        return Math.Abs((double)price - state.AcceptedPrice) > limits.SpikeBand * state.AcceptedPrice;
    }
}

using System.Buffers;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Explaining;

/// <summary>Finds a signal in the log and folds it again from the journal.</summary>
internal sealed class SignalExplainer(IJournalStore store, JournalHistory past, Plan plan)
{
    private LoggedSignal? logged;
    private bool isOfThisPlan;
    private long withdrawnAt;

    /// <summary>Explains why a signal fired; null if neither the log nor the events contain it.</summary>
    /// <exception cref="Recovering.RecoveryException">An event is missing or damaged.</exception>
    public SignalExplanation? Explain(SignalId id, CancellationToken cancellation)
    {
        Find(id, cancellation);
        var refold = new SignalRefold(id, past.PlanOf(id.Symbol));
        if (logged is null || isOfThisPlan) refold.Run(store, logged?.Signal.Number ?? 0, cancellation);
        if ((logged?.Signal ?? refold.Signal) is not { } signal) return null;
        return new SignalExplanation
        {
            Id = id,
            Outcome = OutcomeOf(refold),
            Logged = logged,
            WithdrawnAt = withdrawnAt,
            Refolded = refold.Signal,
            Rule = Explained(signal),
            Values = refold.Signal is null
                ? [.. signal.Values.Select(value => new ExplainedValue(value.Name, double.NaN, value.Value))]
                : refold.Values,
            Bar = refold.Bar,
            Units = refold.Units,
            Event = refold.Event,
            Records = refold.Signal is null ? [] : refold.Records,
            RecordsOfBar = refold.Signal is null ? 0 : refold.RecordsOfBar,
        };
    }

    private ExplanationOutcome OutcomeOf(SignalRefold refold)
    {
        if (logged is null) return ExplanationOutcome.NotLogged;
        if (withdrawnAt > 0) return ExplanationOutcome.Withdrawn;
        if (!isOfThisPlan) return ExplanationOutcome.OfAnotherPlan;
        if (refold.IsPastDeleted) return ExplanationOutcome.EventsDeleted;
        if (refold.Signal is not { } again) return ExplanationOutcome.NotFired;
        return Bytes(again).SequenceEqual(Bytes(logged.Signal)) ? ExplanationOutcome.Same : ExplanationOutcome.Different;
    }

    /// <summary>
    /// Finds the signal of the present plan, otherwise the newest one of an earlier plan. If records were ever excluded: the newest one,
    /// and whether it was withdrawn.
    /// </summary>
    private void Find(SignalId id, CancellationToken cancellation)
    {
        var isExcluding = PlanHistory.None.TryReadOn(store, out _).LastExclusionOf(id.Symbol) is not null;
        store.Read(PersistenceIds.Administrator, 1, long.MaxValue, (in JournalRow row) =>
        {
            if (row.Manifest == EventManifests.Signal && SignalCodec.TryDecode(row.Payload, out var hash, out var signal, out _)
                && SignalId.Of(signal) == id)
                Note(row.SequenceNumber, hash, signal);
            cancellation.ThrowIfCancellationRequested();
            return isExcluding || !isOfThisPlan;
        });
    }

    private void Note(long position, in PlanHash hash, Signal signal)
    {
        if (signal.Action == SignalAction.Withdrawn)
        {
            if (logged?.Position == signal.Number) withdrawnAt = position;
            return;
        }

        if (isOfThisPlan && withdrawnAt == 0 && hash != plan.For(signal.Symbol).Hash) return;
        logged = new LoggedSignal(position, signal);
        isOfThisPlan = hash == plan.For(signal.Symbol).Hash;
        withdrawnAt = 0;
    }

    private static IReadOnlyList<string> Explained(Signal signal) =>
        RuleParser.TryParse(signal.RuleText, out var rule, out _) ? RuleExplainer.Explain(rule) : [signal.RuleText];

    private ReadOnlySpan<byte> Bytes(Signal signal)
    {
        var bytes = new ArrayBufferWriter<byte>();
        SignalCodec.Encode(plan.For(signal.Symbol).Hash, signal, bytes);
        return bytes.WrittenSpan;
    }
}

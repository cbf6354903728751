using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Signals of a symbol that the administrator has not confirmed yet. One message is in flight at a time. Each message begins with the
/// first unconfirmed signal, so no signal is skipped. Memory is bounded: of the signals beyond the bound only the first position is
/// kept, and they are read from the journal again. Not thread-safe.
/// </summary>
internal sealed class SignalOutbox(Symbol symbol)
{
    /// <summary>
    /// Largest number of signals in memory. Signals read from the journal for one event are kept together, even beyond it.
    /// </summary>
    public const int MostHeld = 4_096;

    private const int MostAtOnce = 256;

    private readonly Queue<(PlanHash Plan, Signal Signal)> unconfirmed = new();
    private readonly LinkedList<MissingSignals> missing = new();

    /// <summary>Number of signals in memory.</summary>
    public int Count => unconfirmed.Count;

    /// <summary>Whether all signals are confirmed.</summary>
    public bool IsEmpty => unconfirmed.Count == 0 && missing.Count == 0 && !IsReading;

    /// <summary>Whether a message is in flight.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Whether missing signals are being read from the journal. Signals added meanwhile are queued behind them.</summary>
    public bool IsReading { get; private set; }

    /// <summary>Adds signals that were fired under a plan. Clears the list.</summary>
    public void Add(List<Signal> signals, SymbolPlan plan)
    {
        foreach (var signal in signals)
        {
            if (!IsReading && missing.Count == 0 && unconfirmed.Count < MostHeld) unconfirmed.Enqueue((plan.Settings.Hash, signal));
            else if (missing.Last?.Value.Plan != plan) missing.AddLast(new MissingSignals(symbol, plan, signal.Number - 1));
        }

        signals.Clear();
    }

    /// <summary>Starts a read of the journal, because it is not known yet which signals are missing.</summary>
    public void BeginReading() => IsReading = true;

    /// <summary>
    /// Whether missing signals must be read now, and from where. The caller must call <see cref="EndReading"/> afterwards.
    /// </summary>
    public bool TryBeginReading(out MissingSignals? first)
    {
        first = null;
        if (IsReading || unconfirmed.Count > 0 || missing.First is not { } next) return false;
        first = next.Value;
        missing.RemoveFirst();
        return IsReading = true;
    }

    /// <summary>Adds the signals that were read, up to the bound, and notes the signals that the read found to be missing.</summary>
    public void EndReading(RefoldedSignals? read, params IEnumerable<MissingSignals> found)
    {
        IsReading = false;
        foreach (var missed in found.Reverse()) Miss(missed);
        if (read is null) return;
        foreach (var signal in read.Signals) unconfirmed.Enqueue((read.Key, signal));
        if (read.Signals.Count >= MostHeld) Miss(new MissingSignals(symbol, read.Plan, read.Signals[^1].Number));
    }

    /// <summary>The next message, or the same one for a resend. Its signals are of one plan and have consecutive numbers.</summary>
    public SignalsFired Next()
    {
        IsSent = true;
        var (plan, first) = unconfirmed.Peek();
        var signals = unconfirmed.TakeWhile((next, at) => next.Plan == plan && next.Signal.Number == first.Number + at).Take(MostAtOnce)
            .Select(next =>
            {
                var bytes = new ArrayBufferWriter<byte>(256);
                SignalCodec.Encode(plan, next.Signal, bytes);
                return bytes.WrittenSpan.ToArray();
            });
        return new SignalsFired(symbol, plan, first.Number, [.. signals]);
    }

    /// <summary>Removes signals that are in the log. False if the confirmation concerns none of the waiting signals.</summary>
    public bool TryConfirm(SignalsLogged logged)
    {
        if (!unconfirmed.TryPeek(out var waiting) || waiting.Plan != logged.Plan) return false;
        while (unconfirmed.TryPeek(out var first) && first.Plan == logged.Plan && first.Signal.Number <= logged.Last) unconfirmed.Dequeue();
        if (unconfirmed.Count == 0 && missing.First is { Value: var next } && next.Plan?.Settings.Hash == logged.Plan
            && next.After < logged.Last)
            missing.First!.Value = next with { After = logged.Last }; // the log already has some of them
        IsSent = false;
        return true;
    }

    /// <summary>Notes the first missing signal of a plan. All later signals of that plan count as missing, too.</summary>
    private void Miss(MissingSignals first)
    {
        if (missing.First is { } known && known.Value.Plan == first.Plan) missing.RemoveFirst();
        missing.AddFirst(first);
    }
}

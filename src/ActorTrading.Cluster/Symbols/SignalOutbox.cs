using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Signals of a symbol that the administrator has not confirmed yet. One message of them is under way at a time, and each begins
/// with the first unconfirmed one, so that none can be passed over. Holds a bounded number; of those beyond it only where they
/// begin: they are read from the journal again. For one thread.
/// </summary>
internal sealed class SignalOutbox(Symbol symbol)
{
    /// <summary>So many are held; an event that gives more is held as a whole.</summary>
    public const int MostHeld = 4_096;

    private const int MostAtOnce = 256;

    private readonly Queue<(PlanHash Plan, Signal Signal)> unconfirmed = new();
    private readonly LinkedList<MissingSignals> missing = new();

    /// <summary>How many are held.</summary>
    public int Count => unconfirmed.Count;

    /// <summary>Whether all there ever were are confirmed.</summary>
    public bool IsEmpty => unconfirmed.Count == 0 && missing.Count == 0 && !IsReading;

    /// <summary>Whether a message is under way.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Whether the journal is being read for missing ones; what is added meanwhile comes behind them.</summary>
    public bool IsReading { get; private set; }

    /// <summary>Takes signals by a plan over.</summary>
    public void Add(List<Signal> signals, SymbolPlan plan)
    {
        foreach (var signal in signals)
        {
            if (!IsReading && missing.Count == 0 && unconfirmed.Count < MostHeld) unconfirmed.Enqueue((plan.Settings.Hash, signal));
            else if (missing.Last?.Value.Plan != plan) missing.AddLast(new MissingSignals(symbol, plan, signal.Number - 1));
        }

        signals.Clear();
    }

    /// <summary>What may be missing is not known before the journal is read.</summary>
    public void BeginReading() => IsReading = true;

    /// <summary>Whether it is time to read missing ones, and which; <see cref="EndReading"/> is to follow.</summary>
    public bool TryBeginReading(out MissingSignals? first)
    {
        first = null;
        if (IsReading || unconfirmed.Count > 0 || missing.First is not { } next) return false;
        first = next.Value;
        missing.RemoveFirst();
        return IsReading = true;
    }

    /// <summary>Takes over what was read: all, or as many as make it full; and what was found to be missing behind that.</summary>
    public void EndReading(RefoldedSignals? read, params IEnumerable<MissingSignals> found)
    {
        IsReading = false;
        foreach (var missed in found.Reverse()) Miss(missed);
        if (read is null) return;
        foreach (var signal in read.Signals) unconfirmed.Enqueue((read.Key, signal));
        if (read.Signals.Count >= MostHeld) Miss(new MissingSignals(symbol, read.Plan, read.Signals[^1].Number));
    }

    /// <summary>The message to send, now or again: of one plan, and without a gap in the numbers.</summary>
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

    /// <summary>Those up to a number are in the log; false if that is about none that wait.</summary>
    public bool TryConfirm(SignalsLogged logged)
    {
        if (!unconfirmed.TryPeek(out var waiting) || waiting.Plan != logged.Plan) return false;
        while (unconfirmed.TryPeek(out var first) && first.Plan == logged.Plan && first.Signal.Number <= logged.Last) unconfirmed.Dequeue();
        if (unconfirmed.Count == 0 && missing.First is { Value: var next } && next.Plan?.Settings.Hash == logged.Plan
            && next.After < logged.Last)
            missing.First!.Value = next with { After = logged.Last }; // of which the log has some already
        IsSent = false;
        return true;
    }

    /// <summary>These are missing, and with them all later ones of their plan.</summary>
    private void Miss(MissingSignals first)
    {
        if (missing.First is { } known && known.Value.Plan == first.Plan) missing.RemoveFirst();
        missing.AddFirst(first);
    }
}

using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Signals of a symbol that the administrator has not confirmed yet. One message of them is under way at a time, and each begins with the first
/// unconfirmed one, so that none can be passed over. Holds a bounded number; of those beyond it only where they begin: the journal gives them again. For one thread.
/// </summary>
internal sealed class SignalOutbox(Symbol symbol)
{
    /// <summary>So many are held; an event that gives more is held as a whole.</summary>
    public const int MostHeld = 4_096;

    private const int MostAtOnce = 256;

    private readonly Queue<(PlanHash Plan, Signal Signal)> unconfirmed = new();
    private readonly LinkedList<(SymbolPlan Plan, long After)> missing = new();

    /// <summary>How many are held.</summary>
    public int Count => unconfirmed.Count;

    /// <summary>Whether all there ever were are confirmed.</summary>
    public bool IsEmpty => unconfirmed.Count == 0 && missing.Count == 0;

    /// <summary>Whether a message is under way.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Takes signals by a plan over.</summary>
    public void Add(List<Signal> signals, SymbolPlan plan)
    {
        foreach (var signal in signals)
        {
            if (missing.Count == 0 && unconfirmed.Count < MostHeld) unconfirmed.Enqueue((plan.Settings.Hash, signal));
            else if (missing.Last?.Value.Plan != plan) missing.AddLast((plan, signal.Number - 1));
        }

        signals.Clear();
    }

    /// <summary>Whether it is time to fold again those that there was no room for: of which plan, and behind which number.</summary>
    public bool TryTakeMissing(out SymbolPlan? plan, out long after)
    {
        (plan, after) = (null, 0);
        if (unconfirmed.Count > 0 || missing.First is not { } first) return false;
        (plan, after) = first.Value;
        missing.RemoveFirst();
        return true;
    }

    /// <summary>Takes those over: all of them, or as many as make it full.</summary>
    public void Refill(List<Signal> signals, SymbolPlan plan)
    {
        foreach (var signal in signals) unconfirmed.Enqueue((plan.Settings.Hash, signal));
        if (signals.Count >= MostHeld) missing.AddFirst((plan, signals[^1].Number));
    }

    /// <summary>The message to send, now or again: of one plan, and without a gap in the numbers.</summary>
    public SignalsFired Next()
    {
        IsSent = true;
        var (plan, first) = unconfirmed.Peek();
        var signals = unconfirmed.TakeWhile((next, at) => next.Plan == plan && next.Signal.Number == first.Number + at).Take(MostAtOnce).Select(next =>
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
        if (unconfirmed.Count == 0 && missing.First is { Value: var next } && next.Plan.Settings.Hash == logged.Plan && next.After < logged.Last)
            missing.First!.Value = next with { After = logged.Last }; // of which the log has some already
        IsSent = false;
        return true;
    }
}

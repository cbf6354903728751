using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Signals of a symbol that the administrator has not confirmed yet. One message of them is under way at a time, and each begins with the first
/// unconfirmed one, so that none can be passed over. For one thread.
/// </summary>
internal sealed class SignalOutbox(Symbol symbol, PlanHash plan)
{
    private const int MostAtOnce = 256;

    private readonly Queue<Signal> unconfirmed = new();

    public int Count => unconfirmed.Count;

    public bool IsEmpty => unconfirmed.Count == 0;

    /// <summary>Whether a message is under way.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Takes signals over.</summary>
    public void Add(List<Signal> signals)
    {
        foreach (var signal in signals) unconfirmed.Enqueue(signal);
        signals.Clear();
    }

    /// <summary>The message to send, now or again.</summary>
    public SignalsFired Next()
    {
        IsSent = true;
        var signals = unconfirmed.Take(MostAtOnce).Select(signal =>
        {
            var bytes = new ArrayBufferWriter<byte>(256);
            SignalCodec.Encode(plan, signal, bytes);
            return bytes.WrittenSpan.ToArray();
        });
        return new SignalsFired(symbol, plan, unconfirmed.Peek().Number, [.. signals]);
    }

    /// <summary>Those up to a number are in the log; false if that is about another plan.</summary>
    public bool TryConfirm(SignalsLogged logged)
    {
        if (logged.Plan != plan) return false;
        while (unconfirmed.TryPeek(out var first) && first.Number <= logged.Last) unconfirmed.Dequeue();
        IsSent = false;
        return true;
    }
}

using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine.Embedded;
using Akka.Actor;

namespace ActorTrading.Cluster.Symbols;

/// <summary>What a symbol has fired, on its way to the administrator: told again until it is in the log. For one thread.</summary>
internal sealed class SignalTelling
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SymbolHost host;
    private readonly HostedSymbol symbol;
    private readonly SignalOutbox outbox;
    private readonly Func<ITimerScheduler> timers;
    private readonly long lastEarlier;

    /// <summary>Begins with what a change of the plan may have kept from the log.</summary>
    /// <param name="lastEarlier">The last event before the present plan came into force; 0 for none.</param>
    /// <param name="timers">Those of the symbol's actor, which is sent <see cref="ResendSignals"/>.</param>
    public SignalTelling(SymbolHost host, HostedSymbol symbol, long lastEarlier, Func<ITimerScheduler> timers)
    {
        (this.host, this.symbol, this.lastEarlier, this.timers) = (host, symbol, lastEarlier, timers);
        outbox = new SignalOutbox(symbol.Symbol);
        if (RefoldedSignals.Earlier(host.Store, host.Plans, symbol, lastEarlier) is { } earlier) outbox.Refill(earlier.Signals, earlier.Plan);
    }

    /// <summary>Whether all that was fired is in the log.</summary>
    public bool IsDone => outbox.IsEmpty;

    /// <summary>How many are not in the log yet; more than one where nobody knows.</summary>
    public int Unconfirmed => IsDone ? 0 : Math.Max(1, outbox.Count);

    /// <summary>Takes signals over, to be told later.</summary>
    public void Add(List<Signal> fired) => outbox.Add(fired, symbol.State.Plan);

    /// <summary>Takes signals over, and tells them unless earlier ones are on their way.</summary>
    public void Tell(List<Signal> fired)
    {
        Add(fired);
        if (outbox.Count > 0 && !outbox.IsSent) Send();
    }

    /// <summary>Tells the first of them, now or again.</summary>
    public void Send()
    {
        if (outbox.Count == 0) return;
        host.Administrator().Tell(outbox.Next());
        timers().StartSingleTimer(nameof(ResendSignals), ResendSignals.Instance, Patience);
    }

    /// <summary>Some are in the log, and the next may follow; false if that is about none of those that wait.</summary>
    public bool TryConfirm(SignalsLogged logged)
    {
        if (!outbox.TryConfirm(logged)) return false;
        timers().Cancel(nameof(ResendSignals));
        while (outbox.TryTakeMissing(out var plan, out var after)) Refill(plan!, after);
        return true;
    }

    /// <summary>Signals that there was no room for are folded again; nothing of that is live.</summary>
    private void Refill(SymbolPlan plan, long after)
    {
        var last = plan == symbol.State.Plan ? symbol.LastFolded : lastEarlier;
        outbox.Refill(RefoldedSignals.Of(host.Store, host.Plans, symbol.Symbol, plan, last, after).Signals, plan);
    }

    /// <summary>Time to tell them again.</summary>
    public sealed class ResendSignals
    {
        public static readonly ResendSignals Instance = new();
    }
}

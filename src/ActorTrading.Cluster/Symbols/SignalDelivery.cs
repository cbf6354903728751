using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using Akka.Actor;
using Akka.Event;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Sends what a symbol has fired to the administrator, again and again until it is in the log. What recovery alone does not tell,
/// such as which events were written by which plan, it reads from the journal beside the actor, which is told of it by
/// <see cref="SignalsRead"/>. For one thread.
/// </summary>
internal sealed class SignalDelivery
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly NodeContext host;
    private readonly HostedSymbol symbol;
    private readonly PlanHistory plans;
    private readonly IActorContext context;
    private readonly Func<ITimerScheduler> timers;
    private readonly SignalOutbox outbox;
    private readonly List<(long Ordering, bool IsInForce)> turns;
    private Func<IJournalStore, SignalsRead> reading = _ => throw new InvalidOperationException("Nothing is being read.");
    private long lastEarlier;

    /// <param name="plans">The last of them is what the symbol is folded by.</param>
    /// <param name="context">That of the symbol's actor.</param>
    /// <param name="timers">Those of the symbol's actor.</param>
    public SignalDelivery(NodeContext host, HostedSymbol symbol, PlanHistory plans, IActorContext context, Func<ITimerScheduler> timers)
    {
        (this.host, this.symbol, this.plans, this.context, this.timers) = (host, symbol, plans, context, timers);
        outbox = new SignalOutbox(symbol.Symbol);
        turns = [.. plans.Turns(symbol.Symbol, symbol.State.Plan.Settings.Hash)];
    }

    /// <summary>Whether all that was fired is in the log.</summary>
    public bool IsDone => outbox.IsEmpty;

    /// <summary>How many are not in the log yet; 1 where that is not known.</summary>
    public int Unconfirmed => IsDone ? 0 : Math.Max(1, outbox.Count);

    /// <summary>
    /// Whether the present plan was in force for every event that is replayed. A snapshot by it was taken after it came into
    /// force for the first time.
    /// </summary>
    private bool IsSimple => turns.Count == 0 || (turns is [{ IsInForce: true }] && symbol.LastSnapshot > 0);

    /// <summary>Whether a snapshot spares the next life a look at which plans were in force.</summary>
    public bool WantsSnapshot => turns.Count > 0 && symbol.LastSnapshot == 0;

    /// <summary>Takes over what a replayed event has fired, where its plan was in force for certain.</summary>
    public void Replayed(List<Signal> fired)
    {
        if (IsSimple) outbox.Add(fired, symbol.State.Plan);
        else fired.Clear();
    }

    /// <summary>Everything is replayed.</summary>
    /// <param name="isWhole">Whether <see cref="Replayed"/> was told of every event.</param>
    public void Recovered(bool isWhole)
    {
        if (isWhole && IsSimple)
        {
            Send();
            return;
        }

        var (name, plan, snapshot, last) = (symbol.Symbol, symbol.State.Plan, symbol.LastSnapshot, symbol.LastFolded);
        outbox.BeginReading();
        Read(store =>
        {
            var epochs = new PlanEpochs(store, plans, name, plan, snapshot);
            var earlier = RefoldedSignals.Earlier(store, plans, name, epochs.LastEarlier, snapshot);
            List<MissingSignals> missing = WithdrawnSignals.AreDue(store, plans, name, snapshot)
                ? [new MissingSignals(name, null, After: 0)]
                : [];
            if (epochs.ContainsAny(snapshot, last)) missing.Add(new MissingSignals(name, plan, After: 0));
            return new SignalsRead(earlier, missing, epochs.LastEarlier);
        });
    }

    /// <summary>Takes signals over, and sends them unless earlier ones are on their way.</summary>
    public void Deliver(List<Signal> fired)
    {
        outbox.Add(fired, symbol.State.Plan);
        GoOn();
    }

    /// <summary>Sends the first of them, now or again.</summary>
    public void Send()
    {
        if (outbox.Count == 0) return;
        host.Administrator().Tell(outbox.Next());
        timers().StartSingleTimer(nameof(ResendSignals), ResendSignals.Instance, Timeout);
    }

    /// <summary>Some are in the log, and the next follow; false if that is about none of those that wait.</summary>
    public bool TryConfirm(SignalsLogged logged)
    {
        if (!outbox.TryConfirm(logged)) return false;
        timers().Cancel(nameof(ResendSignals));
        GoOn();
        return true;
    }

    /// <summary>What was asked of the journal is known.</summary>
    public void Take(SignalsRead read)
    {
        if (read.LastEarlier > 0) lastEarlier = read.LastEarlier;
        outbox.EndReading(read.Refolded, read.Missing ?? []);
        GoOn();
    }

    /// <summary>The journal did not answer: it is asked again in a while.</summary>
    public void Take(ReadFailed failed)
    {
        context.GetLogger().Warning(failed.Cause, "{0}: the journal does not give its signals; asking again", symbol.Id);
        timers().StartSingleTimer(nameof(ReadAgain), ReadAgain.Instance, Timeout);
    }

    /// <summary>Asks it again.</summary>
    public void ReadOnceMore() => Read(reading);

    private void GoOn()
    {
        if (outbox.TryBeginReading(out var missing))
        {
            var last = missing!.Plan == symbol.State.Plan ? symbol.LastFolded : lastEarlier;
            Read(store => new SignalsRead(RefoldedSignals.Of(store, plans, missing, last)));
        }

        if (outbox.Count > 0 && !outbox.IsSent) Send();
    }

    private void Read(Func<IJournalStore, SignalsRead> read)
    {
        reading = read;
        host.Reads.RunAsync(read).PipeTo(context.Self, failure: cause => new ReadFailed(cause));
    }

    /// <summary>Time to send them again.</summary>
    public sealed class ResendSignals
    {
        public static readonly ResendSignals Instance = new();
    }

    /// <summary>Time to ask the journal again.</summary>
    public sealed class ReadAgain
    {
        public static readonly ReadAgain Instance = new();
    }

    /// <summary>The journal did not give what was asked.</summary>
    public sealed record ReadFailed(Exception Cause);
}

/// <summary>What the journal told.</summary>
/// <param name="Refolded">Signals that may be missing in the log; null for none.</param>
/// <param name="Missing">What else is to be read, one after another; null for nothing.</param>
/// <param name="LastEarlier">The last event before the present plan came into force; 0 for none, or where that was not asked.</param>
internal sealed record SignalsRead(RefoldedSignals? Refolded, IReadOnlyList<MissingSignals>? Missing = null, long LastEarlier = 0);

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
/// Sends the signals of a symbol to the administrator, at-least-once: repeats each message until it is confirmed. Facts that a
/// recovery alone does not have, such as the plan of each event, are read from the journal asynchronously and arrive as
/// <see cref="SignalsRead"/>. Not thread-safe.
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

    /// <param name="plans">The known plans. The symbol is folded by the last.</param>
    /// <param name="context">Context of the symbol's actor.</param>
    /// <param name="timers">Returns the timers of the symbol's actor.</param>
    public SignalDelivery(NodeContext host, HostedSymbol symbol, PlanHistory plans, IActorContext context, Func<ITimerScheduler> timers)
    {
        (this.host, this.symbol, this.plans, this.context, this.timers) = (host, symbol, plans, context, timers);
        outbox = new SignalOutbox(symbol.Symbol);
        turns = [.. plans.Turns(symbol.Symbol, symbol.State.Plan.Settings.Hash)];
    }

    /// <summary>Whether all fired signals are in the log.</summary>
    public bool IsDone => outbox.IsEmpty;

    /// <summary>Number of signals that are not in the log yet; 1 if the number is unknown.</summary>
    public int Unconfirmed => IsDone ? 0 : Math.Max(1, outbox.Count);

    /// <summary>
    /// Whether the current plan was in force for every replayed event. A snapshot by a plan is taken after the plan first came into
    /// force.
    /// </summary>
    private bool IsSimple => turns.Count == 0 || (turns is [{ IsInForce: true }] && symbol.LastSnapshot > 0);

    /// <summary>Whether a snapshot saves the next recovery from looking up the plans in force.</summary>
    public bool WantsSnapshot => turns.Count > 0 && symbol.LastSnapshot == 0;

    /// <summary>Adds the signals of a replayed event if the current plan was certainly in force for it.</summary>
    public void Replayed(List<Signal> fired)
    {
        if (IsSimple) outbox.Add(fired, symbol.State.Plan);
        else fired.Clear();
    }

    /// <summary>Called after the replay. Sends the first signals, or starts a read of the journal.</summary>
    /// <param name="isWhole">Whether <see cref="Replayed"/> was called for every event.</param>
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

    /// <summary>Adds signals, and sends them unless earlier ones are in flight.</summary>
    public void Deliver(List<Signal> fired)
    {
        outbox.Add(fired, symbol.State.Plan);
        GoOn();
    }

    /// <summary>Sends the first unconfirmed signals, for the first time or again.</summary>
    public void Send()
    {
        if (outbox.Count == 0) return;
        host.Administrator().Tell(outbox.Next());
        timers().StartSingleTimer(nameof(ResendSignals), ResendSignals.Instance, Timeout);
    }

    /// <summary>Handles a confirmation and sends the next signals. False if it concerns none of the waiting signals.</summary>
    public bool TryConfirm(SignalsLogged logged)
    {
        if (!outbox.TryConfirm(logged)) return false;
        timers().Cancel(nameof(ResendSignals));
        GoOn();
        return true;
    }

    /// <summary>Handles the result of a read of the journal.</summary>
    public void Take(SignalsRead read)
    {
        if (read.LastEarlier > 0) lastEarlier = read.LastEarlier;
        outbox.EndReading(read.Refolded, read.Missing ?? []);
        GoOn();
    }

    /// <summary>Handles a failed read of the journal: schedules a retry.</summary>
    public void Take(ReadFailed failed)
    {
        context.GetLogger().Warning(failed.Cause, "{0}: its signals cannot be read from the journal; retrying", symbol.Id);
        timers().StartSingleTimer(nameof(ReadAgain), ReadAgain.Instance, Timeout);
    }

    /// <summary>Repeats the last read.</summary>
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

    /// <summary>Timer message: send the signals again.</summary>
    public sealed class ResendSignals
    {
        public static readonly ResendSignals Instance = new();
    }

    /// <summary>Timer message: read the journal again.</summary>
    public sealed class ReadAgain
    {
        public static readonly ReadAgain Instance = new();
    }

    /// <summary>A read of the journal failed.</summary>
    public sealed record ReadFailed(Exception Cause);
}

/// <summary>Result of a read of the journal.</summary>
/// <param name="Refolded">Signals that may be missing in the log; null: none.</param>
/// <param name="Missing">Further signals to read, one entry after the other; null: none.</param>
/// <param name="LastEarlier">The last event before the current plan came into force; 0: none, or not part of this read.</param>
internal sealed record SignalsRead(RefoldedSignals? Refolded, IReadOnlyList<MissingSignals>? Missing = null, long LastEarlier = 0);

using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Persistence;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// The one in the cluster who gives each signal its place in the log, once: a signal that is told again is known by its symbol, its plan and its
/// number. Confirms and publishes what is durable. The log is the same as the embedded engine's.
/// </summary>
internal sealed class AdministratorActor : ReceivePersistentActor
{
    private readonly Dictionary<(Symbol Symbol, PlanHash Plan), long> lastNumbers = [];
    private readonly Func<IActorRef> topics;

    public AdministratorActor(Func<IActorRef> topics)
    {
        this.topics = topics;
        Recover<JournaledBytes>(Recall);
        Command<SignalsFired>(Take);
    }

    public override string PersistenceId => PersistenceIds.Administrator;

    // The log is read as it is: it has no snapshots.
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props For(ActorSystem system) => For(() => DistributedPubSub.Get(system).Mediator);

    public static Props For(Func<IActorRef> topics) => Props.Create(() => new AdministratorActor(topics));

    protected override void OnPersistRejected(Exception cause, object happened, long sequenceNr)
    {
        base.OnPersistRejected(cause, happened, sequenceNr);
        Context.Stop(Self);
    }

    private void Recall(JournaledBytes logged)
    {
        if (logged.Manifest != EventManifests.Signal || !SignalCodec.TryDecode(logged.Payload, out var plan, out var signal, out var error))
            throw new InvalidDataException($"Event {LastSequenceNr} of '{PersistenceId}' is no signal.");
        Note(signal.Symbol, plan, signal.Number);
    }

    private void Take(SignalsFired fired)
    {
        var known = lastNumbers.GetValueOrDefault((fired.Symbol, fired.Plan));
        var passed = (int)Math.Clamp(known - fired.First + 1, 0, fired.Signals.Count);
        var fresh = fired.Signals.Skip(passed).ToArray();
        var symbol = fired.Symbol;
        if (fresh.Length > 0)
        {
            Note(symbol, fired.Plan, fired.First + fired.Signals.Count - 1);
            PersistAllAsync(fresh.Select(signal => new JournaledBytes(EventManifests.Signal, signal)), logged =>
            {
                // One message for all of them, when the last is durable.
                if (!ReferenceEquals(logged.Payload, fresh[^1])) return;
                var published = new SignalsPublished(LastSequenceNr - fresh.Length + 1, fresh);
                topics().Tell(new Publish(Topics.Signals, published));
                topics().Tell(new Publish(Topics.SignalsOf(symbol), published));
            });
        }

        // Behind everything that is on its way to the journal: also what another copy of this message has put there.
        var sender = Sender;
        DeferAsync(new SignalsLogged(symbol, fired.Plan, fired.First + fired.Signals.Count - 1), logged => sender.Tell(logged));
    }

    private void Note(Symbol symbol, in PlanHash plan, long number)
    {
        var key = (symbol, plan);
        lastNumbers[key] = Math.Max(number, lastNumbers.GetValueOrDefault(key));
    }
}

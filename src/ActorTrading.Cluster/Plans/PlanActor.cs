using System.Buffers;
using ActorTrading.Calendars;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Signals;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.Persistence;

namespace ActorTrading.Cluster.Plans;

/// <summary>
/// Cluster singleton that changes the plan and the exclusions of records. Nodes read them from the journal. Its events have the
/// format of the embedded engine.
/// </summary>
internal sealed class PlanActor : ReceivePersistentActor
{
    private readonly Func<IActorRef> topics;
    private PlanHistory plans = PlanHistory.None;

    public PlanActor(Func<IActorRef> topics)
    {
        this.topics = topics;
        Recover<JournaledBytes>(Apply);
        Command<ChangePlan>(change =>
        {
            if (!Plan.TryParse(change.Json, VenueCalendars.Source, out var plan, out var errors))
            {
                Log.Error("A plan from {0} is refused: {1}", Sender, string.Join("; ", errors));
                return;
            }

            var bytes = new ArrayBufferWriter<byte>();
            PlanCodec.Encode(plan, bytes);
            Change(
                EventManifests.Plan, bytes.WrittenSpan.ToArray(),
                isDone: plan.Hash == plans.Present?.Hash || (change.IsFirst && plans.Count > 0));
        });
        Command<ChangeExclusions>(asked =>
        {
            if (!ExclusionCodec.TryDecode(asked.Change, out var change, out var error) || plans.Present is not { } present)
            {
                Log.Error("An exclusion from {0} is refused: {1}", Sender, error);
                return;
            }

            var known = present.For(change.Symbol).Exclusions;
            Change(EventManifests.Exclusion, asked.Change, isDone: change.Added is { } added
                ? known?.All.Any(one => one.Filter == added.Filter && one.UpTo == added.UpTo) == true
                : known?.Find(change.TakenBack) is null);
        });
        Command<StopSingleton>(_ => Context.Stop(Self)); // is handled after the events that are being persisted
    }

    public override string PersistenceId => PersistenceIds.Plan;

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props For(ActorSystem system) => For(() => DistributedPubSub.Get(system).Mediator);

    public static Props For(Func<IActorRef> topics) => Props.Create(() => new PlanActor(topics));

    /// <summary>Persists a change and publishes it, unless it is already in force.</summary>
    private void Change(string manifest, byte[] payload, bool isDone)
    {
        var sender = Sender;
        if (isDone)
        {
            sender.Tell(new PlanChanged(LastSequenceNr));
            return;
        }

        Persist(new JournaledBytes(manifest, payload), journaled =>
        {
            Apply(journaled);
            sender.Tell(new PlanChanged(LastSequenceNr));
            topics().Tell(new Publish(Topics.Plan, new PlanChanged(LastSequenceNr)));
        });
    }

    private void Apply(JournaledBytes happened)
    {
        if (!plans.TryAfter(happened.Manifest, happened.Payload, LastSequenceNr, out plans, out var fault))
            throw new InvalidDataException($"Event {LastSequenceNr} of '{PersistenceId}': {fault}.");
    }
}

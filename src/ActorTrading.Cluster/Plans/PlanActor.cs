using System.Buffers;
using ActorTrading.Calendars;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Signals;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Embedded;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.Persistence;

namespace ActorTrading.Cluster.Plans;

/// <summary>The cluster singleton that changes the plan; nodes read it from the journal. The same events as the embedded engine's.</summary>
internal sealed class PlanActor : ReceivePersistentActor
{
    private PlanHash? current;

    public PlanActor(Func<IActorRef> topics)
    {
        Recover<JournaledBytes>(Apply);
        Command<ChangePlan>(change =>
        {
            var sender = Sender;
            if (!Plan.TryParse(change.Json, VenueCalendars.Source, out var plan, out var errors))
            {
                Log.Error("A plan from {0} is refused: {1}", sender, string.Join("; ", errors));
                return;
            }

            if (plan.Hash == current || (change.IsFirst && current is not null))
            {
                sender.Tell(new PlanChanged(LastSequenceNr));
                return;
            }

            var bytes = new ArrayBufferWriter<byte>();
            PlanCodec.Encode(plan, bytes);
            Persist(new JournaledBytes(EventManifests.Plan, bytes.WrittenSpan.ToArray()), journaled =>
            {
                Apply(journaled);
                sender.Tell(new PlanChanged(LastSequenceNr));
                topics().Tell(new Publish(Topics.Plan, new PlanChanged(LastSequenceNr)));
            });
        });
        Command<StopSingleton>(_ => Context.Stop(Self)); // comes behind what is being made durable
    }

    public override string PersistenceId => PersistenceIds.Plan;

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props For(ActorSystem system) => For(() => DistributedPubSub.Get(system).Mediator);

    public static Props For(Func<IActorRef> topics) => Props.Create(() => new PlanActor(topics));

    private void Apply(JournaledBytes happened)
    {
        if (happened.Manifest != EventManifests.Plan || !PlanCodec.TryDecode(happened.Payload, out var plan, out _))
            throw new InvalidDataException($"Event {LastSequenceNr} of '{PersistenceId}' is no plan.");
        current = plan.Hash;
    }
}

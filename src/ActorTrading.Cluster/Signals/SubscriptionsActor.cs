using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Persistence;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Cluster singleton that changes the list of subscribed symbols. Nodes read the list from the journal. Its events have the format of
/// the embedded engine.
/// </summary>
internal sealed class SubscriptionsActor : ReceivePersistentActor
{
    private Subscriptions current = Subscriptions.Everything;

    public SubscriptionsActor(Func<IActorRef> topics)
    {
        Recover<JournaledBytes>(Apply);
        Command<ChangeSubscriptions>(
            change => Change(change.Adds ? current.Adding(change.Symbols) : current.Removing(change.Symbols, change.Known)));
        Command<ClearSubscriptions>(_ => Change(current.Clearing()));
        Command<StopSingleton>(_ => Context.Stop(Self)); // is handled after the events that are being persisted

        void Change((SubscriptionChange What, Symbol[] Symbols)? change)
        {
            var sender = Sender;
            if (change is not var (what, symbols))
            {
                sender.Tell(new SubscriptionsChanged(LastSequenceNr));
                return;
            }

            var bytes = new ArrayBufferWriter<byte>();
            SubscriptionCodec.Encode(what, symbols, bytes);
            Persist(new JournaledBytes(EventManifests.Subscription, bytes.WrittenSpan.ToArray()), journaled =>
            {
                Apply(journaled);
                sender.Tell(new SubscriptionsChanged(LastSequenceNr));
                topics().Tell(new Publish(Topics.Subscriptions, new SubscriptionsChanged(LastSequenceNr)));
            });
        }
    }

    public override string PersistenceId => PersistenceIds.Subscriptions;

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props For(ActorSystem system) => For(() => DistributedPubSub.Get(system).Mediator);

    public static Props For(Func<IActorRef> topics) => Props.Create(() => new SubscriptionsActor(topics));

    private void Apply(JournaledBytes happened)
    {
        if (happened.Manifest != EventManifests.Subscription
            || !SubscriptionCodec.TryDecode(happened.Payload, out var change, out var symbols, out _))
            throw new InvalidDataException($"Event {LastSequenceNr} of '{PersistenceId}' is not a change of subscriptions.");
        current = current.After(change, symbols);
    }
}

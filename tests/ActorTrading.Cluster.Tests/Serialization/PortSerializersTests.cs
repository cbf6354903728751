using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Serialization;
using ActorTrading.Cluster.Tests.Remoting;
using ActorTrading.Engine.Nodes;
using ActorTrading.TestKit.Engines;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Persistence;
using Akka.Routing;
using Akka.Serialization;
using AkkaSerialization = Akka.Serialization.Serialization;

namespace ActorTrading.Cluster.Tests.Serialization;

/// <summary>Which messages a node accepts from its port and sends to other nodes.</summary>
public sealed class PortSerializersTests(ReachedNode reached) : IClassFixture<ReachedNode>, IAsyncLifetime
{
    private AkkaSerialization serialization = null!;

    public async Task InitializeAsync()
    {
        await reached.StartAsync();
        serialization = reached.Node.System.Serialization;
    }

    public async Task DisposeAsync() => await reached.AssertSoundAsync();

    [Fact]
    public void Node_HasTheseSerializers_AndReadsTheseMessagesOfThem() => Assert.Equal(
        [
            "0 NullSerializer",
            "1 json: nothing",
            "2 proto: nothing",
            "3 daemon-create: nothing",
            "4 bytes: nothing",
            "5 akka-cluster: 12",
            "6 akka-containers: 1",
            "7 akka-persistence-message: nothing",
            "8 akka-persistence-snapshot: nothing",
            "9 DistributedPubSubMessageSerializer",
            "11 ReplicatedDataSerializer",
            "12 ReplicatorMessageSerializer",
            "13 ClusterShardingMessageSerializer",
            "14 ClusterSingletonMessageSerializer",
            "15 akka-cluster-client: nothing",
            "16 akka-misc: 5",
            "17 PrimitiveSerializers",
            "22 akka-system-msg: 3",
            "30 akka-stream-ref: nothing",
            "36 reliable-delivery: nothing",
            "7421 TradingSerializer",
        ],
        All().OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"));

    [Theory]
    [InlineData(-5)] // Hyperion, which no node has
    [InlineData(99)]
    public void SerializerThatNoNodeHas_IsNotFound(int id) =>
        Assert.Throws<SerializationException>(() => serialization.Deserialize([], id, Gadget.Name));

    [Fact]
    public void MessageThatNodesDoNotSend_IsRefused_AndCounted_InBothDirections()
    {
        var before = reached.Node.RefusedMessages;
        object[] messages = [PoisonPill.Instance, Kill.Instance, new Status.Failure(new InvalidOperationException()), new Suspend(),
            new Terminate(), FromConfig.Instance, new byte[3]];
        foreach (var message in messages)
        {
            var serializer = Assert.IsType<GuardedSerializer>(serialization.FindSerializerFor(message));
            Assert.Throws<MessageRefusedException>(() => serializer.ToBinary(message));
            Assert.Throws<MessageRefusedException>(() => serializer.Manifest(message));
            Assert.Throws<MessageRefusedException>(() => serialization.Deserialize([], serializer.Identifier, message.GetType().FullName));
        }

        Assert.Equal(before + (3 * messages.Length), reached.Node.RefusedMessages);
    }

    [Fact]
    public void MessageThatNodesSend_ComesBack()
    {
        object[] messages = [new Identify("a"), new ActorIdentity(7L, null), new Watch(Region(), Region()),
            new DeathWatchNotification(Region(), true, false), new ActorSelectionMessage("text", [new SelectChildName("user")])];
        foreach (var message in messages)
        {
            var serializer = serialization.FindSerializerFor(message);
            var back = serialization.Deserialize(
                serializer.ToBinary(message), serializer.Identifier, AkkaSerialization.ManifestFor(serializer, message));
            Assert.IsType(message.GetType(), back);
        }
    }

    [Fact]
    public void TypeWithoutASerializer_IsNotSent()
    {
        Assert.Throws<SerializationException>(() => serialization.FindSerializerFor(new Gadget()));
        Assert.Throws<SerializationException>(() => serialization.FindSerializerForType(typeof(Gadget)));
        Assert.Throws<MessageRefusedException>(() => serialization.FindSerializerForType(typeof(object)).ToBinary(new object()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TypeWithoutASerializer_IsNotPersisted(bool isEvent)
    {
        var writer = reached.Node.System.ActorOf(Props.Create(() => new Writer(isEvent)));
        var fault = await writer.Ask<Exception>("write", EngineReading.Timeout);
        Assert.IsAssignableFrom<SerializationException>(fault);
    }

    [Fact]
    public void EveryTypeAmongTheMessages_IsBound_OrStaysOnItsNode()
    {
        Type[] parts = [typeof(HostedShard), typeof(AwaitedShard), typeof(DirectoryEntry)];
        Type[] local = [typeof(StopSymbol), typeof(StopSingleton)];
        Type[] ofBothEngines = [typeof(NodeStatus), typeof(NodeIntake), typeof(NodeRejects)];
        var types = typeof(TradingSerializer).Assembly.GetTypes().Where(type =>
            type.Namespace == typeof(TradingSerializer).Namespace && !type.IsNested && !type.IsInterface
            && !(type.IsAbstract && type.IsSealed)
            && !typeof(MessageKind).IsAssignableFrom(type) && !typeof(Serializer).IsAssignableFrom(type)
            && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
            && !type.IsByRefLike && !type.IsEnum && !type.IsSubclassOf(typeof(Delegate)));
        Assert.Equal(
            types.Except(parts).Except(local).Concat(ofBothEngines).Select(type => type.Name).Order(),
            TradingSerializer.Bound.Select(type => type.Name).Order());
        foreach (var type in TradingSerializer.Bound) Assert.IsType<TradingSerializer>(serialization.FindSerializerForType(type));
    }

    private IInternalActorRef Region() =>
        (IInternalActorRef)Akka.Hosting.ActorRegistry.For(reached.Node.System).Get<Cluster.Hosting.ActorKeys.Symbols>();

    /// <summary>Akka.NET does not expose its serializers.</summary>
    private Dictionary<int, string> All() =>
        ((Dictionary<int, Serializer>)typeof(AkkaSerialization).GetField(
            "_serializersById", BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(serialization)!)
        .ToDictionary(pair => pair.Key, pair => pair.Value is GuardedSerializer guarded ? guarded.ToString() : pair.Value.GetType().Name);

    private sealed class Writer : ReceivePersistentActor
    {
        private IActorRef asker = ActorRefs.Nobody;

        public Writer(bool isEvent)
        {
            Command<string>(_ =>
            {
                asker = Sender;
                if (isEvent) Persist(new Gadget(), _ => { });
                else SaveSnapshot(new Gadget());
            });
            Command<SaveSnapshotFailure>(failed => asker.Tell(failed.Cause));
        }

        public override string PersistenceId => "writer";

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => asker.Tell(cause);

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => asker.Tell(cause);
    }
}

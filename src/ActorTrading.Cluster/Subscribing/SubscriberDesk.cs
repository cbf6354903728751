using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Remoting;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Google.Protobuf;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>A subscriber has connected to the cluster port.</summary>
internal sealed record SubscriberArrived(InboundConnection Connection, SubscriberHello Hello) : INoSerializationVerificationNeeded;

/// <summary>
/// Accepts the subscribers of this node, each with a <see cref="SubscriberSession"/>. Their number is bounded per address and in
/// total.
/// </summary>
internal sealed class SubscriberDesk : ReceiveActor
{
    private const int MostOfAddress = 128;
    private const int Most = 512;

    private readonly Dictionary<IActorRef, string> hosts = [];
    private readonly ILoggingAdapter log = Context.GetLogger();

    public SubscriberDesk(ClusterOptions options, IActorRef gateway)
    {
        Receive<SubscriberArrived>(arrived =>
        {
            var (connection, hello) = arrived;
            var refusal = ErrorFor(options, connection, hello);
            connection.Write(ByteString.CopyFrom(SubscriberFrames.Write(new SubscriberAnswer(refusal, Gateways()))));
            if (refusal.Length > 0)
            {
                connection.End(refusal, log);
                return;
            }

            var session = Context.ActorOf(SubscriberSession.For(connection, gateway));
            hosts.Add(session, connection.Host);
            Context.Watch(session);
        });
        Receive<Terminated>(ended => hosts.Remove(ended.ActorRef));
    }

    public static Props For(ClusterOptions options, IActorRef gateway) => Props.Create(() => new SubscriberDesk(options, gateway));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop); // the subscriber reconnects

    protected override void PreStart() => ClusterPort.Of(Context.System).Desk = Self;

    protected override void PostStop() => ClusterPort.Of(Context.System).Desk = null;

    /// <summary>Reachable nodes that serve subscribers; this node first if it is one of them.</summary>
    private static List<string> Gateways()
    {
        var cluster = AkkaCluster.Get(Context.System);
        var state = cluster.State;
        return
        [
            .. state.Members
                .Where(
                    member => member.Status == MemberStatus.Up && member.HasRole(NodeRole.Gateway) && !state.Unreachable.Contains(member))
                .OrderBy(member => member.Address != cluster.SelfAddress).Select(member => ClusterNodeBuilder.AddressOf(member.Address)),
        ];
    }

    private string ErrorFor(ClusterOptions options, InboundConnection connection, SubscriberHello hello)
    {
        if (hello.Cluster != options.Name) return $"this is not a node of the cluster '{hello.Cluster}'";
        if (!options.Roles.Contains(NodeRole.Gateway)) return "this node does not serve subscribers";
        return hosts.Count >= Most || hosts.Values.Count(host => host == connection.Host) >= MostOfAddress
            ? "this node has reached its subscriber limit"
            : "";
    }
}

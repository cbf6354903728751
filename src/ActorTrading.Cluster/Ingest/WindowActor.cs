using ActorTrading.Cluster.Messages;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Ingest;

/// <summary>Passes the answers of symbols to the window, triggers resends, and reports removed nodes to it.</summary>
internal sealed class WindowActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public WindowActor(InFlightWindow window)
    {
        Receive<BatchAck>(window.OnDone);
        Receive<ResendUnanswered>(_ => window.Resend());
        Receive<ClusterEvent.MemberRemoved>(_ => window.OnNodeGone());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(InFlightWindow window) => Props.Create(() => new WindowActor(window));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(ResendUnanswered), ResendUnanswered.Instance, PollInterval);
        AkkaCluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
    }

    protected override void PostStop() => AkkaCluster.Get(Context.System).Unsubscribe(Self);

    private sealed class ResendUnanswered
    {
        public static readonly ResendUnanswered Instance = new();
    }
}

using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Ingest;
using ActorTrading.Cluster.Messages;
using ActorTrading.Engine;
using ActorTrading.Engine.Nodes;
using Akka.Actor;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Overview;

/// <summary>
/// Answers other nodes' queries about this node: its status, its connections with the ledger, and its latest rejections.
/// </summary>
internal sealed class ReportActor : ReceiveActor
{
    public ReportActor(INodeReporter reporter, InFlightWindow window)
    {
        var me = ClusterNodeBuilder.AddressOf(AkkaCluster.Get(Context.System).SelfAddress);
        Receive<GetStatus>(asked => _ = TellAsync(reporter, me, Sender));
        Receive<GetIntake>(_ =>
        {
            var (intake, all) = (reporter.Intake(), new Ledger());
            all.Add(intake.Ledger);
            all.Add(window.Ledger());
            Sender.Tell(new NodeIntake(me, intake.Connections, [.. all.Lines]));
        });
        Receive<GetRejects>(asked => Sender.Tell(new NodeRejects(me, reporter.Rejects(asked.Filter))));
    }

    public static Props For(INodeReporter reporter, InFlightWindow window) => Props.Create(() => new ReportActor(reporter, window));

    /// <summary>Answers a status query. A node that cannot report its status, e.g. during its shutdown, does not answer.</summary>
    private static async Task TellAsync(INodeReporter reporter, string me, IActorRef asking)
    {
        try
        {
            asking.Tell(await reporter.StatusAsync().ConfigureAwait(false) with { Node = me });
        }
        catch (Exception cause) when (cause is EngineStoppedException or ObjectDisposedException or OperationCanceledException)
        {
            // The query times out.
        }
    }
}

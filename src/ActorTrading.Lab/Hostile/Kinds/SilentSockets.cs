using System.Net;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: silent connections on every port, as many as the node allows.</summary>
internal sealed class SilentSockets : HostileKind
{
    private const int OnEach = 200;

    public override string Name => "silent-sockets";

    public override string What => $"{OnEach} connections on each port that say nothing, and come again when they are closed";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        IPEndPoint[] ports = [victim.Ticks, victim.Http, .. victim.Nodes is { } nodes ? (IPEndPoint[])[nodes] : []];
        return Task.WhenAll(ports.Select(
            port => AgainAsync(OnEach, TimeSpan.FromSeconds(1), tally, _ => HoldAsync(port, tally, cancellation), cancellation)));
    }

    private static async Task HoldAsync(IPEndPoint port, KindTally tally, CancellationToken cancellation)
    {
        using var connection = await HostileSocket.ConnectAsync(port, cancellation);
        tally.Sent(0);
        tally.Got(await connection.IsClosedWithinAsync(TimeSpan.FromMinutes(1), cancellation) ? "closed by the node" : "held for a minute");
    }
}

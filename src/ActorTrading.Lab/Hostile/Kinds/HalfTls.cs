using System.Net;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: the start of a TLS handshake that is never completed.</summary>
internal sealed class HalfTls : HostileKind
{
    private const int OnEach = 20;

    /// <summary>A TLS record that announces a ClientHello of 512 bytes, with only its first bytes.</summary>
    public static readonly byte[] ClientHello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, .. Enumerable.Repeat(
        (byte)0x5A, 32)];

    public override string Name => "half-tls";

    public override string What => "half of a TLS hello on each port, and no more";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        IPEndPoint[] ports = [victim.Ticks, victim.Http, .. victim.Nodes is { } nodes ? (IPEndPoint[])[nodes] : []];
        return Task.WhenAll(ports.Select(
            port => AgainAsync(OnEach, TimeSpan.FromSeconds(1), tally, _ => HoldAsync(port, tally, cancellation), cancellation)));
    }

    private static async Task HoldAsync(IPEndPoint port, KindTally tally, CancellationToken cancellation)
    {
        using var connection = await HostileSocket.ConnectAsync(port, cancellation);
        tally.Sent(ClientHello.Length);
        await connection.SendAsync(ClientHello, cancellation);
        tally.Got(await connection.IsClosedWithinAsync(TimeSpan.FromMinutes(1), cancellation) ? "closed by the node" : "held for a minute");
    }
}

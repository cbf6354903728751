using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: requests that are sent byte by byte, and bodies that never arrive.</summary>
internal sealed class SlowHeaders : HostileKind
{
    private const int Many = 40;

    public override string Name => "slow-headers";

    public override string What => $"{Many} requests whose headers or body come a byte a second";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(Many, TimeSpan.FromSeconds(1), tally, random => SendAsync(victim, tally, random, cancellation), cancellation);

    private static async Task SendAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var request = random.Next(2) == 0
            ? Encoding.ASCII.GetBytes("GET /symbols HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + new string('a', 200))
            : HttpText.Request("POST", "/ingest", Victim.HostileToken, ["Content-Type: application/json"], new byte[200]);
        var quick = request.Length - 120;
        using var connection = await HostileSocket.ConnectAsync(victim.Http, cancellation);
        tally.Sent(request.Length);
        await connection.SendAsync(request[..quick], cancellation);
        for (var at = quick; at < request.Length; at++)
        {
            await connection.SendAsync(request[at..(at + 1)], cancellation);
            if (!await connection.IsClosedWithinAsync(TimeSpan.FromSeconds(1), cancellation)) continue;
            tally.Got("closed by the node");
            return;
        }

        tally.Got("borne to the end");
    }
}

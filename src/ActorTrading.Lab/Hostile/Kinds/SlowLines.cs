using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: a hello or a record that is sent byte by byte.</summary>
internal sealed class SlowLines : HostileKind
{
    private const int Many = 40;

    public override string Name => "slow-lines";

    public override string What => $"{Many} senders whose lines come a byte a second";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(Many, TimeSpan.FromSeconds(1), tally, random => SendAsync(victim, tally, random, cancellation), cancellation);

    private static async Task SendAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var line = $$"""{"symbol":"HSLOW","ts":1720522800000000000,"price":1,"size":1,"text":"{{new string('a', 200)}}"}""";
        using var connection = await HostileSocket.ConnectAsync(victim.Ticks, cancellation);
        if (random.Next(2) == 0) await connection.SendAsync(TickLines.Hello("bad-slow"), cancellation);
        tally.Sent(line.Length);
        foreach (var one in Encoding.ASCII.GetBytes(line))
        {
            await connection.SendAsync([one], cancellation);
            if (!await connection.IsClosedWithinAsync(TimeSpan.FromSeconds(1), cancellation)) continue;
            tally.Got("closed by the node");
            return;
        }

        tally.Got("borne to the end");
    }
}

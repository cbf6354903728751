namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: connections that are opened and immediately reset.</summary>
internal sealed class ConnectionStorm : HostileKind
{
    public override string Name => "connection-storm";

    public override string What => "connections that are opened and reset at once, some hundred a second on each port";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(2, TimeSpan.FromMilliseconds(20), tally, random => KnockAsync(victim, tally, random, cancellation), cancellation);

    private static async Task KnockAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var port = random.Next(3) switch { 0 => victim.Ticks, 1 => victim.Http, _ => victim.Nodes ?? victim.Ticks };
        using var connection = await HostileSocket.ConnectAsync(port, cancellation);
        tally.Sent(0);
        connection.Abort();
        tally.Got("left");
    }
}

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: hundreds of streams whose filter matches nothing.</summary>
internal sealed class Readers : HostileKind
{
    private const int Many = 300;

    public override string Name => "lookers-on";

    public override string What => $"{Many} streams of ticks, bars and late records of a symbol that does not exist";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(Many, TimeSpan.FromSeconds(1), tally, _ => ReadAsync(victim, tally, cancellation), cancellation);

    private static async Task ReadAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        var request = HttpText.Request("GET", "/events?topics=ticks,bars,late,signals&symbols=HNOBODY", Victim.LookerToken);
        using var connection = await HostileSocket.ConnectAsync(victim.Http, cancellation);
        tally.Sent(request.Length);
        await connection.SendAsync(request, cancellation);
        tally.Got(await connection.AnswerAsync(cancellation));
        await connection.IsClosedWithinAsync(TimeSpan.FromHours(1), cancellation);
    }
}

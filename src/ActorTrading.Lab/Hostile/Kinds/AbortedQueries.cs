namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: queries of a symbol's long history, whose client disconnects before the response.</summary>
internal sealed class AbortedQueries : HostileKind
{
    private const int AtOnce = 50;

    public override string Name => "aborted-queries";

    public override string What => $"{AtOnce} questions at once for one bar of a long history, left before the answer";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) => AgainAsync(
        AtOnce, TimeSpan.FromSeconds(2), tally, random => AskAsync(victim, tally, random, cancellation), cancellation);

    private static async Task AskAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var path = random.Next(3) switch
        {
            0 => $"/symbols/{Victim.LongSymbol}/bars?frame=1min&limit=1",
            1 => $"/symbols/{Victim.LongSymbol}/bars?frame=1min&from=2024-07-09T13:00:00Z&limit=1",
            _ => $"/symbols/{Victim.LongSymbol}?at=2024-07-09T14:00:00Z",
        };
        var request = HttpText.Request("GET", path, Victim.HostileToken);
        using var connection = await HostileSocket.ConnectAsync(victim.Http, cancellation);
        tally.Sent(request.Length);
        await connection.SendAsync(request, cancellation);
        if (random.Next(8) == 0)
        {
            tally.Got(await connection.AnswerAsync(cancellation));
            return;
        }

        await Task.Delay(random.Next(200), cancellation);
        connection.Abort();
        tally.Got("left");
    }
}

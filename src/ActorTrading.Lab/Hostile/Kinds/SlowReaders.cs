namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: streams that are opened and never read.</summary>
internal sealed class SlowReaders : HostileKind
{
    private const int Many = 30;

    public override string Name => "slow-readers";

    public override string What => $"{Many} readers of streams and of answers to bad records that take nothing";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(Many, TimeSpan.FromSeconds(1), tally, random => HoldAsync(victim, tally, random, cancellation), cancellation);

    private static async Task HoldAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var isHttp = random.Next(2) == 0;
        using var connection = await HostileSocket.ConnectAsync(isHttp ? victim.Http : victim.Ticks, cancellation, receiveBuffer: 4_096);
        byte[] bytes = isHttp
            ? HttpText.Request("GET", "/events?topics=ticks,bars,signals,late,rejects,market&from=0", Victim.LookerToken)
            : [.. TickLines.Hello($"bad-reader-{random.Next(Many)}"),
                .. Enumerable.Repeat("?\n"u8.ToArray(), 5_000).SelectMany(line => line)];
        tally.Sent(bytes.Length);
        await connection.SendAsync(bytes, cancellation).WaitAsync(TimeSpan.FromSeconds(30), cancellation).ContinueWith(
            static sent => _ = sent.Exception, TaskScheduler.Default);
        await Task.Delay(TimeSpan.FromSeconds(45), cancellation);
        tally.Got(await connection.IsClosedWithinAsync(TimeSpan.FromSeconds(5), cancellation) ? "closed by the node" : "borne for 45 s");
    }
}

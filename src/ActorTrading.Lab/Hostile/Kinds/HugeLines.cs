namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: lines of many megabytes, and lines that never end.</summary>
internal sealed class HugeLines : HostileKind
{
    private static readonly byte[] Line = [.. TickLines.Hello("bad-lines"), .. Enumerable.Repeat((byte)'{', 4 << 20), (byte)'\n'];
    private static readonly byte[] Header = HttpText.Request("GET", "/symbols?" + new string('a', 200_000), Victim.HostileToken);

    public override string Name => "huge-lines";

    public override string What => "lines of 4 MiB, request lines and headers of 200 kB";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) => AgainAsync(
        1, TimeSpan.FromMilliseconds(500), tally,
        random => random.Next(2) == 0 ? TellAsync(victim, tally, cancellation) : HostileSocket.TellAsync(
            victim.Http, Header, tally, cancellation, isDone: false),
        cancellation);

    private static Task TellAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        tally.Sent(Line.Length, 0);
        return TickLines.TellAsync(victim, Line, tally, cancellation);
    }
}

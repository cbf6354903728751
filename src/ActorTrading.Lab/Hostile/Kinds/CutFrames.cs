using ActorTrading.Lab.Fuzzing;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: binary streams that are truncated, damaged, or announce more data than they contain.</summary>
internal sealed class CutFrames : HostileKind
{
    private static readonly byte[][] Streams = [.. SampleRecords.Binaries()];

    public override string Name => "cut-frames";

    public override string What => "binary streams that are cut within a frame, damaged, or announce gigabytes";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(2, TimeSpan.FromMilliseconds(100), tally, random => SendAsync(victim, tally, random, cancellation), cancellation);

    private static Task SendAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var stream = Streams[random.Next(Streams.Length)];
        byte[] bytes = random.Next(3) switch
        {
            0 => stream[..random.Next(stream.Length)],
            1 => new Mutator(random).Distort(stream),
            _ => [.. stream, 0xFF, 0xFF, 0xFF, 0x7F, 3],
        };
        byte[] all = [.. TickLines.Hello("bad-frames"), .. bytes];
        tally.Sent(all.Length, 0);
        return TickLines.TellAsync(victim, all, tally, cancellation);
    }
}

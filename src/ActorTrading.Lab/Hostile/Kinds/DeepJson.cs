using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: endlessly nested JSON, and plans that are small but expensive.</summary>
internal sealed class DeepJson : HostileKind
{
    private static readonly byte[][] Bodies =
    [
        Encoding.ASCII.GetBytes(new string('[', 60_000)), Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 10_000))),
        Encoding.ASCII.GetBytes("{\"rules\":[" + string.Join(',', Enumerable.Repeat("\"buy when sma(100000) > 1 on 1min\"", 60)) + "]}"),
        Encoding.ASCII.GetBytes(
            "{\"frames\":[\"1min\"],\"indicators\":[" + string.Join(',', Enumerable.Range(0, 200).Select(n => $"\"sma({100_000 - n})\""))
            + "]}"),
        Encoding.ASCII.GetBytes("{\"rules\":[\"buy when " + new string('(', 3_000) + "\"]}"),
    ];

    public override string Name => "deep-json";

    public override string What => "JSON that nests without end, and dear plans, to be checked and tried, and as ticks";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(2, TimeSpan.FromMilliseconds(200), tally, random => SendAsync(victim, tally, random, cancellation), cancellation);

    private static Task SendAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var body = Bodies[random.Next(Bodies.Length)];
        var target = random.Next(4) switch
        {
            0 => "/plan/check",
            1 => "/plan/dry-run?symbols=HLONG&seconds=1",
            2 => "/ingest",
            _ => "/session",
        };
        return HostileSocket.TellAsync(
            victim.Http, HttpText.Request("POST", target, Victim.HostileToken, body: body), tally, cancellation, isDone: false);
    }
}

using System.Text;
using ActorTrading.Lab.Fuzzing;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: distorted lines and random bytes, at the tick and HTTP ports.</summary>
internal sealed class Garbage : HostileKind
{
    private const string Hello = $$"""{"hello":"bad-garbage","token":"{{Victim.HostileToken}}"}""" + "\n";
    private const string Tick = """{"symbol":"HGARBAGE","ts":1720522800000000000,"price":1,"size":1,"seq":1}""" + "\n";

    public override string Name => "garbage";

    public override string What => "distorted hellos, records, frames and requests, and random bytes";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(3, TimeSpan.FromMilliseconds(30), tally, random => SendAsync(victim, tally, random, cancellation), cancellation);

    private static Task SendAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var mutator = new Mutator(random);
        var bytes = random.Next(4) switch
        {
            0 => mutator.Noise(4_000),
            1 => [.. Encoding.ASCII.GetBytes(Hello), .. mutator.Distort(Encoding.ASCII.GetBytes(Tick + Tick))],
            2 => mutator.Distort(Encoding.ASCII.GetBytes(Hello + Tick)),
            _ => mutator.Distort(HttpText.Request("POST", "/ingest?source=bad", Victim.HostileToken, body: Encoding.ASCII.GetBytes(Tick))),
        };
        return HostileSocket.TellAsync(random.Next(2) == 0 ? victim.Ticks : victim.Http, bytes, tally, cancellation);
    }
}

using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: guessed tokens over TCP and HTTP.</summary>
internal sealed class BadTokens : HostileKind
{
    public override string Name => "bad-tokens";

    public override string What => "a wrong token after the other, in hellos, headers, protocols of WebSockets and sessions";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(4, TimeSpan.FromMilliseconds(50), tally, random => GuessAsync(victim, tally, random, cancellation), cancellation);

    private static Task GuessAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var token = Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()));
        return random.Next(4) switch
        {
            0 => HostileSocket.TellAsync(victim.Http, HttpText.Request("GET", "/symbols", token), tally, cancellation, isDone: false),
            1 => HostileSocket.TellAsync(victim.Http, Login(token), tally, cancellation, isDone: false),
            2 => HostileSocket.TellAsync(
                victim.Http,
                HttpText.Request("GET", "/ws", null, [
                    "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", $"Sec-WebSocket-Protocol: actortrading, bearer.{token}",
                ]),
                tally, cancellation, isDone: false),
            _ => HostileSocket.TellAsync(victim.Ticks, TickLines.Hello("good", token), tally, cancellation),
        };
    }

    private static byte[] Login(string token) =>
        HttpText.Request("POST", "/session", null, body: Encoding.ASCII.GetBytes($$"""{"token":"{{token}}"}"""));
}

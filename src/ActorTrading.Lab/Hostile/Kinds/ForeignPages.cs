namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>
/// Hostile kind: requests as a page of another site makes them, also with a foreign DNS name that points to this machine.
/// </summary>
internal sealed class ForeignPages : HostileKind
{
    private static readonly string[][] Headers =
    [
        ["Host: evil.example"], ["Host: evil.example", "Origin: http://evil.example"],
            ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"], ["Origin: null"],
        ["Host: 127.0.0.1.evil.example"], ["Host: localhost@evil.example"], ["Host: 127.0.0.1", "Host: evil.example"],
            ["X-Forwarded-Host: localhost", "Host: evil.example"],
    ];

    private static readonly string[] Targets = ["/plan", "/ingest", "/symbols", "/session", "/events?topics=signals", "/ws", "/ledger",
        "http://evil.example/plan"];

    public override string Name => "foreign-pages";

    public override string What => "foreign Host and Origin, with a token and without, for reading and for sending";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(2, TimeSpan.FromMilliseconds(50), tally, random => AskAsync(victim, tally, random, cancellation), cancellation);

    private static Task AskAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var target = Targets[random.Next(Targets.Length)];
        var isPost = target is "/ingest" or "/session";
        var headers = Headers[random.Next(Headers.Length)].ToList();
        if (target == "/ws") headers.AddRange(
            ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]);
        var request = HttpText.Request(
            isPost ? "POST" : "GET", target, random.Next(2) == 0 ? Victim.HostileToken : null, headers,
            isPost ? """{"symbol":"GOOD000","ts":1720522800000000000,"price":1,"size":1}"""u8.ToArray() : null);
        return HostileSocket.TellAsync(victim.Http, request, tally, cancellation, isDone: false);
    }
}

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: paths that an access check and the endpoint could interpret differently.</summary>
internal sealed class PathTricks : HostileKind
{
    private static readonly string[] Targets =
    [
        "/subscriptions/HONE/../GOOD000", "/subscriptions/HONE/%2e%2e/GOOD000", "/symbols/HONE/../GOOD000",
            "/symbols/HLONG%2F..%2FGOOD000", "/symbols/HONE/..%2f..%2fplan", "//symbols/GOOD000",
        "/symbols//GOOD000", "/SYMBOLS/GOOD000", "/symbols/GOOD000/", "/symbols/HONE;GOOD000", "/symbols/%47OOD000",
            "/symbols/HONE%00GOOD000", "/symbols/HONE?symbol=GOOD000", "/health/../plan",
        "/health/live/..%2f..%2fplan", "/openapi.json/../plan", "/./plan", "*", "/symbols/HONE#/../GOOD000",
            "http://127.0.0.1/symbols/GOOD000",
    ];

    private static readonly string[] Methods = ["GET", "DELETE", "PUT", "POST", "HEAD", "OPTIONS", "PATCH", "TRACE", "get"];

    public override string Name => "path-tricks";

    public override string What => "paths with dots, escapes, doubled slashes and absolute forms, by every method";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(2, TimeSpan.FromMilliseconds(50), tally, random => AskAsync(victim, tally, random, cancellation), cancellation);

    private static Task AskAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var request = HttpText.Request(
            Methods[random.Next(Methods.Length)], Targets[random.Next(Targets.Length)], Victim.HostileToken, random.Next(3) == 0
                ? ["X-Original-URL: /plan", "X-HTTP-Method-Override: DELETE"] : []);
        return HostileSocket.TellAsync(victim.Http, request, tally, cancellation, isDone: false);
    }
}

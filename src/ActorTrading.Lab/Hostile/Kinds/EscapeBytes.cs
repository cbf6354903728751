using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: texts that a terminal or a spreadsheet would execute, in every field that accepts text.</summary>
internal sealed class EscapeBytes : HostileKind
{
    private static readonly string[] Texts =
    [
        "\u001b]0;owned\u0007", "\u001b[2J\u001b[1;1H", "\u009b31m", "=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "\u202egnirts",
            "<script>alert(1)</script>", "\r\nSet-Cookie: a=b", "\0",
    ];

    public override string Name => "escape-bytes";

    public override string What => "escape sequences, formulas and scripts in conditions, names, headers and addresses";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(1, TimeSpan.FromMilliseconds(100), tally, random => SendAsync(victim, tally, random, cancellation), cancellation);

    private static Task SendAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var text = Texts[random.Next(Texts.Length)];
        var json = System.Text.Json.JsonSerializer.Serialize(text);
        if (random.Next(4) == 0)
        {
            var target = $"/symbols/{Uri.EscapeDataString(text)}?frame={Uri.EscapeDataString(text)}";
            return HostileSocket.TellAsync(
                victim.Http, HttpText.Request("GET", target, Victim.HostileToken, [$"User-Agent: {text}", $"X-Source: {text}"]), tally,
                cancellation, isDone: false);
        }

        var line = random.Next(3) switch
        {
            0 => $$"""{"kind":"print","symbol":"HPRINT","ts":1720522800000000000,"price":1,"size":1,"condition":{{json}},"seq":1}""",
            1 => $$"""{"symbol":{{json}},"ts":1720522800000000000,"price":1,"size":1,"seq":1}""",
            _ => $$"""{"symbol":"HRAW","ts":1720522800000000000,"price":{{text}},"size":1,"seq":1}""",
        };
        return TickLines.TellAsync(victim, [.. TickLines.Hello("bad-text"), .. Encoding.UTF8.GetBytes(line + "\n")], tally, cancellation);
    }
}

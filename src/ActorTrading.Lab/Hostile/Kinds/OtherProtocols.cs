using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>
/// Hostile kind: requests that a browser page can send without permission, and the openings of other protocols, at the tick port.
/// </summary>
internal sealed class OtherProtocols : HostileKind
{
    private const string Tick = """{"symbol":"GOOD000","ts":1720522800000000000,"price":1,"size":1,"source":"good","seq":1}""" + "\n";

    private static readonly byte[][] Openings =
    [
        Encoding.ASCII.GetBytes(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:9999\r\nOrigin: https://evil.example\r\nContent-Type: text/plain\r\n"
            + $"Content-Length: {Tick.Length}\r\n\r\n{Tick}"),
        Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + Tick),
        Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Tick),
        Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.6\r\n" + Tick), Encoding.ASCII.GetBytes("EHLO evil.example\r\n" + Tick),
        Encoding.ASCII.GetBytes("*1\r\n$4\r\nPING\r\n" + Tick), Encoding.ASCII.GetBytes("{\"hello\":\"good\"}\n" + Tick),
        [.. HalfTls.ClientHello, .. Encoding.ASCII.GetBytes(Tick)],
    ];

    public override string Name => "other-protocols";

    public override string What => "HTTP as browsers send it, TLS, SSH, SMTP and Redis at the port for ticks, each with a tick behind it";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) => AgainAsync(
        2, TimeSpan.FromMilliseconds(50), tally, random => HostileSocket.TellAsync(
            victim.Ticks, Openings[random.Next(Openings.Length)], tally, cancellation), cancellation);
}

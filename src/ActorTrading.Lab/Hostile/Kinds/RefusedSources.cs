using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: records with forbidden sources, a new source each time.</summary>
internal sealed class RefusedSources : HostileKind
{
    private const int PerConnection = 200;

    public override string Name => "refused-sources";

    public override string What => "records of ever other sources that the token may not send as, over TCP and HTTP";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        var next = 0;
        return AgainAsync(1, TimeSpan.FromMilliseconds(500), tally, random => SendAsync(random.Next(2) == 0), cancellation);

        async Task SendAsync(bool isHttp)
        {
            var text = new StringBuilder(isHttp ? "" : $$"""{"hello":"bad-sources","token":"{{Victim.HostileToken}}"}""" + "\n");
            for (var i = 0; i < PerConnection; i++, next++)
                text.Append("{\"symbol\":\"HONE\",\"ts\":1720522800000000000,\"price\":1,\"size\":1,\"seq\":1,\"source\":\"s").Append(
                    next).Append("\"}\n");
            var bytes = Encoding.ASCII.GetBytes(text.ToString());
            tally.Sent(bytes.Length, PerConnection - 1);
            if (isHttp) await HostileSocket.TellAsync(
                victim.Http, HttpText.Request("POST", "/ingest", Victim.HostileToken, body: bytes), tally, cancellation, isDone: false);
            else await TickLines.TellAsync(victim, bytes, tally, cancellation);
        }
    }
}

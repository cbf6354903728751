using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: ticks of ever new symbols, from a sender with the right to send them.</summary>
internal sealed class NewSymbols : HostileKind
{
    private const int PerConnection = 500;

    public override string Name => "new-symbols";

    public override string What => "symbols without end, some 500 a second";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        var next = 0;
        return AgainAsync(1, TimeSpan.FromSeconds(1), tally, _ => SendAsync(), cancellation);

        async Task SendAsync()
        {
            var text = new StringBuilder($$"""{"hello":"bad-symbols","token":"{{Victim.HostileToken}}"}""").Append('\n');
            for (var i = 0; i < PerConnection; i++, next++)
                text.Append("{\"symbol\":\"H").Append(next.ToString("D9", null)).Append(
                    "\",\"ts\":1720522800000000000,\"price\":1,\"size\":1,\"seq\":").Append(next + 1).Append("}\n");
            var bytes = Encoding.ASCII.GetBytes(text.ToString());
            tally.Sent(bytes.Length, PerConnection - 1);
            await TickLines.TellAsync(victim, bytes, tally, cancellation);
        }
    }
}

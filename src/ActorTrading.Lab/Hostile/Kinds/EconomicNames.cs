using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: economic figures with ever new names, from a sender without the right to send figures.</summary>
internal sealed class EconomicNames : HostileKind
{
    private const int PerConnection = 200;

    public override string Name => "economic-names";

    public override string What => "economic indicators of ever other names, which the token may not send";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        var next = 0;
        return AgainAsync(1, TimeSpan.FromMilliseconds(500), tally, _ => SendAsync(), cancellation);

        Task SendAsync()
        {
            var text = new StringBuilder($$"""{"hello":"bad-economy","token":"{{Victim.HostileToken}}"}""").Append('\n');
            for (var i = 0; i < PerConnection; i++, next++)
                text.Append("{\"kind\":\"economic\",\"indicator_name\":\"N").Append(next).Append(
                    "\",\"ts\":1720522800000000000,\"value\":1,\"seq\":").Append(next + 1).Append("}\n");
            var bytes = Encoding.ASCII.GetBytes(text.ToString());
            tally.Sent(bytes.Length, PerConnection - 1);
            return TickLines.TellAsync(victim, bytes, tally, cancellation);
        }
    }
}

using System.Text;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: valid records of a permitted symbol, above the permitted rate.</summary>
internal sealed class Flood : HostileKind
{
    private const int PerConnection = 2_000;

    public override string Name => "flood";

    public override string What => "sound records of one symbol at several times the quota of the token";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        var seq = 0L;
        return AgainAsync(1, TimeSpan.FromMilliseconds(200), tally, _ => SendAsync(), cancellation);

        Task SendAsync()
        {
            var text = new StringBuilder($$"""{"hello":"bad-flood","token":"{{Victim.HostileToken}}"}""").Append('\n');
            for (var i = 0; i < PerConnection; i++)
            {
                seq++;
                text.Append("{\"symbol\":\"HFLOOD\",\"ts\":").Append(1_720_522_800_000_000_000 + (seq * 1_000_000)).Append(
                    ",\"price\":1,\"size\":1,\"seq\":").Append(seq).Append("}\n");
            }

            var bytes = Encoding.ASCII.GetBytes(text.ToString());
            tally.Sent(bytes.Length, PerConnection - 1);
            return TickLines.TellAsync(victim, bytes, tally, cancellation);
        }
    }
}

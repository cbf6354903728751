using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Sends tick lines and counts the responses: acks, and rejections by their reason.</summary>
internal static class TickLines
{
    /// <summary>The first line of a hostile client.</summary>
    public static byte[] Hello(string source, string token = Victim.HostileToken) =>
        Encoding.ASCII.GetBytes($$"""{"hello":"{{source}}","token":"{{token}}"}""" + "\n");

    /// <summary>Connects, sends, and counts the responses.</summary>
    public static async Task TellAsync(Victim victim, byte[] bytes, KindTally tally, CancellationToken cancellation)
    {
        using var client = new TcpClient(HostileSocket.From);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await client.ConnectAsync(victim.Ticks, patience.Token);
        tally.Sent(0);
        await using var stream = client.GetStream();
        var reading = CountAsync(stream, tally, patience.Token);
        await stream.WriteAsync(bytes, patience.Token);
        client.Client.Shutdown(SocketShutdown.Send);
        await reading;
    }

    private static async Task CountAsync(Stream stream, KindTally tally, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                var first = json.RootElement.EnumerateObject().First();
                tally.Got(first.Name switch
                {
                    "reject" => first.Value.GetProperty("reason").GetString()!,
                    "error" => first.Value.GetProperty("code").GetString()!,
                    "handled" => "ack",
                    var other => other,
                });
            }
            catch (Exception strange) when (strange is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                tally.Got("half a line");
            }
        }
    }
}

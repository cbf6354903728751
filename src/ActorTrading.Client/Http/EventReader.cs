using System.Runtime.CompilerServices;

namespace ActorTrading.Client.Http;

/// <summary>A server-sent event: its name and its data.</summary>
internal readonly record struct ServerEvent(string Name, string Data);

/// <summary>Reads server-sent events of a connection until it ends or is silent for too long.</summary>
internal static class EventReader
{
    /// <summary>The events, without heartbeats.</summary>
    /// <exception cref="IOException">The connection failed, or no data arrived within the timeout.</exception>
    public static async IAsyncEnumerable<ServerEvent> ReadAsync(
        Stream stream, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream);
        var name = "";
        while (true)
        {
            string? line;
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
            {
                limit.CancelAfter(silence);
                try
                {
                    line = await reader.ReadLineAsync(limit.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    throw new IOException($"The node sent nothing for {silence}.");
                }
            }

            if (line is null) yield break;
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && name != "heartbeat")
                yield return new ServerEvent(name, line["data: ".Length..]);
        }
    }
}

using System.Buffers;
using System.Net.Sockets;
using System.Text.Json;

namespace ActorTrading.Client.Sending;

/// <summary>Opens connections to an ingest port and creates the hello.</summary>
internal static class FeedConnection
{
    /// <summary>Opens a connection. Encrypted if <paramref name="tls"/> is not null.</summary>
    public static async ValueTask<Stream> OpenAsync(string host, int port, FeedTls? tls, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return tls is null ? plain : await tls.EncryptAsync(plain, host, cancellation).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The first line of a connection.</summary>
    public static byte[] Hello(string source, long epoch, string token, string? timeUnit = null)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("hello", source);
            json.WriteNumber("epoch", epoch);
            if (token.Length > 0) json.WriteString("token", token);
            if (timeUnit is not null) json.WriteString("time_unit", timeUnit);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }
}

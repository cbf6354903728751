using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace ActorTrading.Host.Web.Live;

/// <summary>Sends text messages over a WebSocket: an object with one member, named after the message.</summary>
internal sealed class WebSocketPush(WebSocket socket) : IPush
{
    private readonly ArrayBufferWriter<byte> message = new(1024);

    public ValueTask SendAsync(string name, long? position, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        message.ResetWrittenCount();
        message.Write("{\""u8);
        message.Write(Encoding.ASCII.GetBytes(name));
        message.Write("\":"u8);
        message.Write(content.Span);
        message.Write("}"u8);
        return socket.SendAsync(message.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellation);
    }
}

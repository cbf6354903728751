using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web.Live;

/// <summary>Sends server-sent events: <c>event</c> is the name, <c>id</c> the position of a signal, <c>data</c> one line of JSON.</summary>
internal sealed class EventStreamPush(HttpResponse response) : IPush
{
    public async ValueTask SendAsync(string name, long? position, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var id = position is { } place ? string.Create(CultureInfo.InvariantCulture, $"id: {place}\n") : "";
        var body = response.BodyWriter;
        body.Write(Encoding.ASCII.GetBytes($"event: {name}\n{id}data: "));
        body.Write(content.Span);
        body.Write("\n\n"u8);
        await body.FlushAsync(cancellation);
    }
}

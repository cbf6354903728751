using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Ingest.Sessions;

/// <summary>Writes the lines that the server sends.</summary>
internal static class IngestReply
{
    private static readonly JsonWriterOptions Plain = new() { SkipValidation = true };

    /// <summary>The answer to a hello.</summary>
    public static void Hello(IBufferWriter<byte> output, in IngestHello hello, IngestOptions options)
    {
        using (var json = Begin(output, "hello"))
        {
            json.WriteNumber("version", 1);
            json.WriteString("source", hello.Source.Name);
            json.WriteNumber("epoch", hello.Epoch);
            json.WriteNumber("max_line", options.MaxLine);
            json.WriteNumber("max_frame", options.MaxFrame);
            json.WriteNumber("heartbeat_ms", (long)options.Heartbeat.TotalMilliseconds);
            End(json);
        }

        output.Write("\n"u8);
    }

    /// <summary>
    /// The cumulative ack: the seq, if the source has one yet, and the number of handled pieces of input of this connection.
    /// </summary>
    public static void Ack(IBufferWriter<byte> output, long seq, long handled)
    {
        using (var json = new Utf8JsonWriter(output, Plain))
        {
            json.WriteStartObject();
            if (seq >= 0) json.WriteNumber("ack", seq);
            json.WriteNumber("handled", handled);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>A rejection, identified by seq if there is one, otherwise by position.</summary>
    public static void Reject(
        IBufferWriter<byte> output, in RejectedInput input, in IngestHello hello, bool isBinary)
    {
        using (var json = Begin(output, "reject"))
        {
            var (id, place, rejection) = (input.Id, input.LineNumber, input.Rejection);
            var isOwn = id.Source.Equals(hello.Source) && id.Epoch == hello.Epoch;
            if (id.Seq >= 0) json.WriteNumber("seq", id.Seq);
            else if (place > 0) json.WriteNumber(isBinary ? "frame" : "line", place);
            if (!isOwn && !id.Source.Equals(Source.Anonymous))
            {
                json.WriteString("source", id.Source.Name);
                json.WriteNumber("epoch", id.Epoch);
            }

            json.WriteString("reason", rejection.Reason.Name());
            json.WriteString("field", rejection.Field);
            json.WriteString("value", rejection.Value);
            if (rejection.Hint is { } hint) json.WriteString("advice", hint);
            End(json);
        }

        output.Write("\n"u8);
    }

    /// <summary>A heartbeat with the server's time in nanoseconds since 1970.</summary>
    public static void Heartbeat(IBufferWriter<byte> output, DateTimeOffset now)
    {
        using (var json = new Utf8JsonWriter(output, Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("heartbeat", (now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>The last line before the server closes the connection.</summary>
    public static void Error(IBufferWriter<byte> output, IngestError error)
    {
        using (var json = Begin(output, "error"))
        {
            json.WriteString("code", error.Code);
            json.WriteString("message", error.Message);
            End(json);
        }

        output.Write("\n"u8);
    }

    /// <summary>The answer to a client that speaks HTTP.</summary>
    public static void HttpRefusal(IBufferWriter<byte> output, IngestError error)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("title", "Wrong protocol");
            json.WriteNumber("status", 400);
            json.WriteString("code", error.Code);
            json.WriteString("detail", error.Message);
            json.WriteEndObject();
        }

        var head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n"
            + FormattableString.Invariant($"Content-Length: {body.WrittenCount + 1}\r\nConnection: close\r\n\r\n");
        output.Write(Encoding.ASCII.GetBytes(head));
        output.Write(body.WrittenSpan);
        output.Write("\n"u8);
    }

    private static Utf8JsonWriter Begin(IBufferWriter<byte> output, string name)
    {
        var json = new Utf8JsonWriter(output, Plain);
        json.WriteStartObject();
        json.WriteStartObject(name);
        return json;
    }

    private static void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

using System.Buffers;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Text;

/// <summary>Writes a rejection as one JSON object: identity, position, broken rule, and value.</summary>
public static class RejectJson
{
    /// <summary>Returns the object as text.</summary>
    public static string Text(in RejectedInput input)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(input, buffer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the object, without a line end.</summary>
    public static void Write(in RejectedInput input, IBufferWriter<byte> destination)
    {
        using var json = new Utf8JsonWriter(destination, ReadableJson.Options);
        json.WriteStartObject();
        if (input.File is { } file) json.WriteString("file", file);
        json.WriteString("source", input.Source.Name);
        json.WriteNumber("epoch", input.Epoch);
        if (input.Seq != Identity.None) json.WriteNumber("seq", input.Seq);
        if (input.LineNumber > 0) json.WriteNumber("line", input.LineNumber);
        if (input.Time is { } time) json.WriteString("time", time.ToString());
        json.WriteString("reason", input.Rejection.Reason.Name());
        json.WriteString("field", input.Rejection.Field);
        json.WriteString("value", input.Rejection.Value);
        json.WriteString("raw", input.Raw);
        json.WriteString("advice", input.Rejection.Advice);
        json.WriteEndObject();
    }
}

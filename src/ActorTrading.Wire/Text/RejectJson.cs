using System.Buffers;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Text;

/// <summary>A refusal as one JSON object: who sent what, where it stood, which rule it broke, with which value.</summary>
public static class RejectJson
{
    /// <summary>Writes the object, without a line end.</summary>
    public static void Write(in RejectedInput input, IBufferWriter<byte> destination)
    {
        using var json = new Utf8JsonWriter(destination, ReadableJson.Options);
        json.WriteStartObject();
        json.WriteString("source", input.Source.Name);
        json.WriteNumber("epoch", input.Epoch);
        if (input.Seq != Identity.None) json.WriteNumber("seq", input.Seq);
        if (input.LineNumber > 0) json.WriteNumber("line", input.LineNumber);
        json.WriteString("reason", input.Rejection.Reason.Name());
        json.WriteString("field", input.Rejection.Field);
        json.WriteString("value", input.Rejection.Value);
        json.WriteString("raw", input.Raw);
        json.WriteEndObject();
    }
}

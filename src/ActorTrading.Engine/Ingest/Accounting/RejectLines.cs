using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>Formats rejections as lines of the quarantine, one JSON object each.</summary>
internal static class RejectLines
{
    private static readonly JsonWriterOptions Plain = new()
    {
        SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes one line per rejection.</summary>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<Reject> rejects)
    {
        using var json = new Utf8JsonWriter(output, Plain);
        foreach (var reject in rejects)
        {
            Write(json, reject);
            json.Flush();
            output.Write("\n"u8);
            json.Reset();
        }
    }

    /// <summary>A refused record; its text is the canonical line of the record.</summary>
    public static RejectedInput Of(in Record record, Rejection rejection)
    {
        var line = new ArrayBufferWriter<byte>(512);
        RecordWriter.Write(record, Dialect.Canonical, line);
        var text = Encoding.UTF8.GetString(line.WrittenSpan[..^1]);
        return new RejectedInput(
            record.Id, 0, rejection, text.Length <= RejectedInput.MaxRawLength ? text : text[..RejectedInput.MaxRawLength]);
    }

    /// <summary>Removes the text of input that contains a token, such as a hello that was not recognised: secrets are not stored.</summary>
    public static RejectedInput WithoutToken(in RejectedInput input) =>
        input.Raw.Contains("\"token\"", StringComparison.OrdinalIgnoreCase) ? input with { Raw = "(withheld: contains a token)" } : input;

    private static void Write(Utf8JsonWriter json, Reject reject)
    {
        var (sender, input) = (reject.Sender, reject.Input);
        json.WriteStartObject();
        json.WriteString("time", reject.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("door", sender.Listener);
        json.WriteString("peer", sender.Peer);
        json.WriteString("source", input.Source.Name);
        json.WriteNumber("epoch", input.Epoch);
        if (input.Seq >= 0) json.WriteNumber("seq", input.Seq);
        if (input.LineNumber > 0) json.WriteNumber("place", input.LineNumber);
        if (reject.Symbol is { } symbol && symbol != Symbol.Economy) json.WriteString("symbol", symbol.Name);
        json.WriteString("reason", input.Rejection.Reason.Name());
        json.WriteString("field", input.Rejection.Field);
        json.WriteString("value", input.Rejection.Value);
        json.WriteString("raw", input.Raw);
        json.WriteEndObject();
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorTrading.Wire.Text;

/// <summary>JSON for files and streams, where <c>&lt;</c> and quotes need no disguise: it is never put into a web page as it is.</summary>
public static class ReadableJson
{
    /// <summary>How such JSON is written.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

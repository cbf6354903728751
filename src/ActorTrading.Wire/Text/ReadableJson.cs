using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorTrading.Wire.Text;

/// <summary>JSON for files and streams, where <c>&lt;</c> and quotes need no disguise: it is never put into a web page as it is.</summary>
internal static class ReadableJson
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

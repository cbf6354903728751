using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Options for JSON in files and streams. <c>&lt;</c> and quotes are not escaped beyond JSON's rules, so do not insert the output into a
/// web page.
/// </summary>
public static class ReadableJson
{
    /// <summary>The writer options.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

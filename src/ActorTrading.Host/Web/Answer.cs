using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ActorTrading.Host.Web.Access;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>Writes HTTP responses.</summary>
internal static class Answer
{
    /// <summary>Default of the <c>Retry-After</c> header of a 503 or 429, in seconds.</summary>
    private const int RetryAfter = 1;

    // JSON responses are never embedded verbatim in a web page.
    /// <summary>Writes a JSON object; the delegate writes its members.</summary>
    public static Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> members, int status = StatusCodes.Status200OK) =>
        WriteAsync(context, "application/json", status, members);

    /// <summary>Writes a problem (RFC 9457) with a machine-readable code; the delegate writes additional members.</summary>
    public static Task ProblemAsync(HttpContext context, int status, string code, string detail, Action<Utf8JsonWriter>? members = null)
    {
        RequestAudit.Answered(context, status, code);
        var headers = context.Response.Headers;
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests && headers.RetryAfter.Count == 0)
            headers.RetryAfter = RetryAfter.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, "application/problem+json", status, json =>
        {
            json.WriteString("title", Title(code));
            json.WriteNumber("status", status);
            json.WriteString("code", code);
            json.WriteString("detail", detail);
            members?.Invoke(json);
        });
    }

    private static async Task WriteAsync(HttpContext context, string type, int status, Action<Utf8JsonWriter> members)
    {
        // Written completely before it is sent: after an exception in the middle, an error response is still possible.
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, ReadableJson.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        body.Write("\n"u8);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static string Title(string code)
    {
        var words = code.Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ActorTrading.Host.Web.Access;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    /// <summary>How long a client does well to wait after a 503 or a 429 that does not say so itself, in seconds.</summary>
    private const int RetryAfter = 1;

    // It is never put into a web page as it is.
    /// <summary>An object of JSON; the delegate writes its members.</summary>
    public static Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> members, int status = StatusCodes.Status200OK) =>
        WriteAsync(context, "application/json", status, members);

    /// <summary>What is wrong, as RFC 9457 has it, with a code that programs compare; the delegate writes further members.</summary>
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
        // Whole before any of it is sent: what fails in the middle leaves room for an answer that says so.
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

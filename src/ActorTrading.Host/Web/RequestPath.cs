using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorTrading.Host.Web;

/// <summary>
/// The unambiguous path of a request: its segments as sent, each decoded once. Rejects a path that a proxy, the server and an endpoint
/// could interpret differently: one with segments of one or two dots (escaped or not), empty segments, control characters or invalid
/// escapes.
/// </summary>
internal static class RequestPath
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Passes a request on when its path is unambiguous.</summary>
    /// <exception cref="RequestFault">The path is invalid or ambiguous.</exception>
    public static Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var segments = Segments(context);
        for (var i = 0; i < segments.Count; i++)
        {
            var isReading = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            if (segments[i].Length == 0 && !(i == segments.Count - 1 && (i == 0 || isReading))) throw Bad("a segment is empty");
            // BTC%2FUSD is valid, AAPL%2F..%2FMSFT is not.
            if (segments[i].Split('/').Any(part => part is "." or "..")) throw Bad("it has dot segments");
            if (segments[i].Any(char.IsControl)) throw Bad("it has control characters");
        }

        var read = string.Concat(segments.Select(segment => $"/{segment}")); // the server leaves escaped slashes as they are
        return Slashed(read) == Slashed(context.Request.Path.Value ?? "") ? next(context) : throw Bad("it has several interpretations");
    }

    /// <summary>The decoded segments of a path. A slash within a segment was escaped.</summary>
    /// <exception cref="RequestFault">An escape is invalid, or the path is not valid UTF-8.</exception>
    public static IReadOnlyList<string> Segments(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(0, target.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? end : target.Length);
        if (path is "*") return [""]; // OPTIONS of the server as a whole
        if (path.IsEmpty || path[0] != '/') // proxies send it whole: http://host/symbols/...
        {
            var host = path.IndexOf("://");
            var begin = host < 0 ? -1 : path[(host + 3)..].IndexOf('/');
            path = begin < 0 ? "/" : path[(host + 3 + begin)..];
        }

        var segments = new List<string>();
        foreach (var range in path[1..].Split('/')) segments.Add(Decoded(path[1..][range]));
        return segments;
    }

    private static string Decoded(ReadOnlySpan<char> segment)
    {
        var bytes = new byte[segment.Length];
        var length = 0;
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] > '~') throw Bad("it has characters that must be escaped");
            if (segment[i] != '%')
            {
                bytes[length++] = (byte)segment[i];
                continue;
            }

            if (i + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[i + 1]) || !char.IsAsciiHexDigit(segment[i + 2]))
                throw Bad("% must be followed by two hexadecimal digits");
            bytes[length++] = Convert.FromHexString(segment.Slice(i + 1, 2))[0];
            i += 2;
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw Bad("it is not UTF-8");
        }
    }

    private static string Slashed(string path) => path.Replace("%2f", "/", StringComparison.OrdinalIgnoreCase);

    private static RequestFault Bad(string problem) =>
        new(StatusCodes.Status400BadRequest, "bad_path", $"The path is ambiguous: {problem}.");
}

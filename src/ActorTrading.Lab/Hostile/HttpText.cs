using System.Text;

namespace ActorTrading.Lab.Hostile;

/// <summary>Valid and invalid HTTP requests as bytes.</summary>
internal static class HttpText
{
    /// <summary>A request. The headers are written unchanged, each given without its line end.</summary>
    public static byte[] Request(string method, string target, string? token, IEnumerable<string>? headers = null, byte[]? body = null)
    {
        var text = new StringBuilder($"{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        var given = headers?.ToList() ?? [];
        if (!given.Exists(header => header.StartsWith("Host:", StringComparison.Ordinal))) text.Append("Host: 127.0.0.1\r\n");
        if (token is not null) text.Append("Authorization: Bearer ").Append(token).Append("\r\n");
        foreach (var header in given) text.Append(header).Append("\r\n");
        if (body is not null) text.Append("Content-Length: ").Append(body.Length).Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(text.Append("\r\n").ToString()), .. body ?? []];
    }
}

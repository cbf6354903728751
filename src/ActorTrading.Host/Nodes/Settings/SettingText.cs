using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Host.Nodes.Settings;

/// <summary>Reads the texts of settings. An invalid text throws a <see cref="FormatException"/> that says what would be right.</summary>
internal static class SettingText
{
    public static T OneOf<T>(string text)
        where T : struct, Enum =>
        Enum.GetValues<T>()[OneOf(text, [.. Enum.GetNames<T>().Select(static name => name.ToLowerInvariant())])];

    /// <summary>The index of the text among the names, in any case of letters.</summary>
    public static int OneOf(string text, params string[] names) =>
        Array.FindIndex(names, name => text.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index
            ? index
            : throw new FormatException($"'{text}' is not one of {string.Join(", ", names)}");

    public static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FormatException($"'{text}' does not begin with http:// or https://");

    public static string[] List(string text) => text.Split(
        ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } list
        ? list
        : throw new FormatException("it is empty");

    public static string Text(string text) => text.Length > 0 ? text : throw new FormatException("it is empty");

    public static IPAddress Address(string text) => text switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
        _ => IPAddress.TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address"),
    };

    public static int Port(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var port)
            && port <= IPEndPoint.MaxPort
            ? port
            : throw new FormatException($"'{text}' is not a port; a port is from 0 to 65535");

    public static string Origin(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var origin) && origin.GetLeftPart(UriPartial.Authority) == text.Trim()
            ? text.Trim()
            : throw new FormatException($"'{text}' is no origin; one is a scheme, a host and perhaps a port, such as https://desk.example");

    public static string HostName(string text) =>
        text == "*" || Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) != UriHostNameType.Unknown
            ? text
            : throw new FormatException(
                $"'{text}' is not a host name; valid are names such as desk.example, *.example for its subdomains, or * for any");

    public static int Count(string text, int least, int most = int.MaxValue) => (int)Number(text, least, most);

    public static TimeSpan Milliseconds(string text, int least, int most = int.MaxValue) =>
        TimeSpan.FromMilliseconds(Count(text, least, most));

    public static long Number(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most
            ? number
            : throw new FormatException($"'{text}' is not a whole number from {least} to {most}");

    public static bool YesOrNo(string text) =>
        bool.TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is neither true nor false");
}

using System.Globalization;
using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Web.Describing;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// A subscription: topics; symbols and frames (null for all); and the position in the signal log after which signals are sent (null: only
/// new signals).
/// </summary>
internal sealed record Subscription(Topic Topics, IReadOnlySet<Symbol>? Symbols, IReadOnlySet<Frame>? Frames, long? From)
{
    private static readonly Dictionary<string, Topic> Names =
        Enum.GetValues<Topic>().Where(topic => topic != Topic.None).ToDictionary(topic => topic.ToString().ToLowerInvariant());

    /// <summary>The parameters of <see cref="Of(HttpContext)"/>.</summary>
    public static IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("topics", $"{string.Join(", ", Names.Keys)}; separated by commas."),
        new("symbols", "Symbols, separated by commas; all by default. The topic state needs them."),
        new("frames", "Frames, separated by commas; all by default."),
        new NumberParameter(
            "from", "The position in the signal log after which signals are sent; by default only new ones. Last-Event-ID has priority."),
    ];

    /// <summary>The names of its topics.</summary>
    public IEnumerable<string> TopicNames => Names.Where(name => Topics.HasFlag(name.Value)).Select(name => name.Key);

    /// <summary>Reads the subscription from a query string with comma-separated lists; null when it names no topics.</summary>
    /// <exception cref="RequestFault">A parameter is invalid; the message names it.</exception>
    public static Subscription? Of(HttpContext context)
    {
        if (QueryReader.Text(context, "topics") is not { } topics) return null;
        return Of(topics.Split(','), List(context, "symbols"), List(context, "frames"), QueryReader.Text(context, "from"));
    }

    /// <summary>Reads <c>{"subscribe":{"topics":[...],"symbols":[...],"frames":[...],"from":N}}</c>.</summary>
    /// <exception cref="RequestFault">A member is invalid; the message names it.</exception>
    public static Subscription Of(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var json = JsonDocument.Parse(message);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("subscribe", out var wanted)
                || wanted.ValueKind != JsonValueKind.Object)
                throw Bad("the message", "an object with 'subscribe' is expected");
            foreach (var member in wanted.EnumerateObject())
            {
                if (member.Name is not ("topics" or "symbols" or "frames" or "from"))
                    throw Bad(member.Name, "unknown member; members are topics, symbols, frames and from");
            }

            var from = wanted.TryGetProperty("from", out var position) && position.ValueKind != JsonValueKind.Null
                ? position.GetRawText()
                : null;
            return Of(List(wanted, "topics") ?? ["signals"], List(wanted, "symbols"), List(wanted, "frames"), from);
        }
        catch (JsonException exception)
        {
            throw Bad("the message", $"it is not JSON: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            // JsonDocument accepts a text with invalid Unicode, such as an unpaired surrogate, but fails when the text is read.
            throw Bad("the message", "a text in it is not valid Unicode");
        }
    }

    private static Subscription Of(
        IReadOnlyList<string> topics, IReadOnlyList<string>? symbols, IReadOnlyList<string>? frames, string? from)
    {
        var wanted = Topic.None;
        foreach (var name in topics)
            wanted |= Names.TryGetValue(name, out var topic)
                ? topic
                : throw Bad("topics", $"'{name}' is not one of {string.Join(", ", Names.Keys)}");
        if (wanted == Topic.None) throw Bad("topics", "no topic is given");
        long? position = null;
        if (from is not null)
            position = long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Bad("from", $"'{from}' is not a position; a whole number, 0 or more");
        return new Subscription(
            wanted,
            symbols?.Select(name => QueryReader.TryRead(name, out var symbol) ? symbol : throw Bad("symbols", $"'{name}' is not a symbol"))
                .ToHashSet(),
            frames?.Select(name => FrameOf(name)).ToHashSet(),
            position);
    }

    private static Frame FrameOf(string name) =>
        Domain.Calendars.Frames.TryParse(name, out var frame) ? frame : throw Bad("frames", $"'{name}' is not a frame");

    private static string[]? List(HttpContext context, string name) => QueryReader.Text(context, name)?.Split(',');

    private static List<string>? List(JsonElement wanted, string name)
    {
        if (!wanted.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return null;
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            throw Bad(name, "an array of strings is expected");
        return [.. list.EnumerateArray().Select(item => item.GetString()!)];
    }

    private static RequestFault Bad(string what, string problem) =>
        new(StatusCodes.Status400BadRequest, "bad_subscribe", $"{what}: {problem}");
}

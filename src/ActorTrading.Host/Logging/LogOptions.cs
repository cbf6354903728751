using ActorTrading.Host.Nodes.Settings;
using Microsoft.Extensions.Logging;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Logging;

/// <summary>The format of log lines.</summary>
internal enum LogFormat
{
    /// <summary>A line of text: time, level, message.</summary>
    Text,

    /// <summary>One JSON object per line, with a separate member for each value.</summary>
    Json,
}

/// <summary>Logging settings of a node. See docs/logs.md.</summary>
internal sealed record LogOptions
{
    /// <summary>The settings <c>log:*</c>.</summary>
    public static IReadOnlyList<Setting<LogOptions>> Settings { get; } =
    [
        new("log:format", (log, text) => log with { Format = OneOf<LogFormat>(text) }),
        new("log:level", (log, text) => log with { Level = OneOf<LogLevel>(text) }),
        new("log:per_second", (log, text) => log with { PerSecond = Count(text, 1) }),
    ];

    /// <summary>The format of log lines.</summary>
    public LogFormat Format { get; init; }

    /// <summary>
    /// The minimum log level. Null: warnings for the text format, because users see the rest on standard output; information for JSON.
    /// </summary>
    public LogLevel? Level { get; init; }

    /// <summary>Maximum number of logged events of one kind per second; further ones are only counted.</summary>
    public int PerSecond { get; init; } = 10;

    /// <summary>The effective minimum log level.</summary>
    public LogLevel LeastLevel => Level ?? (Format == LogFormat.Text ? LogLevel.Warning : LogLevel.Information);
}

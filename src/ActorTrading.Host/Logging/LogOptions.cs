using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Logging;

/// <summary>What log lines look like.</summary>
internal enum LogFormat
{
    /// <summary>A line for people: time, level, words.</summary>
    Text,

    /// <summary>An object of JSON per line, with every value under a name of its own.</summary>
    Json,
}

/// <summary>What a node logs, and how. Described in docs/logs.md.</summary>
internal sealed record LogOptions
{
    /// <summary>What lines look like.</summary>
    public LogFormat Format { get; init; }

    /// <summary>
    /// The least level that is logged; null: warnings for people, who see the rest on the standard output, information for programs.
    /// </summary>
    public LogLevel? Level { get; init; }

    /// <summary>Events of one kind that are logged in a second at most; the others are counted.</summary>
    public int PerSecond { get; init; } = 10;

    /// <summary>The least level that is logged.</summary>
    public LogLevel LeastLevel => Level ?? (Format == LogFormat.Text ? LogLevel.Warning : LogLevel.Information);
}

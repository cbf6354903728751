using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Nodes;

/// <summary>Status of a node, as reported by the node itself.</summary>
public sealed record NodeStatus
{
    /// <summary>HOST:PORT of the node within its cluster; for a single node, of its HTTP port.</summary>
    public string Node { get; init; } = "";

    /// <summary>The address of its HTTP interface; empty if unknown.</summary>
    public string Http { get; init; } = "";

    /// <summary>HOST:PORT of its TCP listener for records; empty if it has none.</summary>
    public string Ticks { get; init; } = "";

    /// <summary>The version of its program.</summary>
    public string Version { get; init; } = "";

    /// <summary>The id of its process.</summary>
    public int Process { get; init; }

    /// <summary>The status in the answer of <c>/health/ready</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Descriptions of problems; empty if there are none.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Start time, by its own clock.</summary>
    public Timestamp Started { get; init; }

    /// <summary>Processors used by its process over the last seconds: 1 is one of <see cref="Processors"/>.</summary>
    public double Processor { get; init; }

    /// <summary>Number of processors that it may use.</summary>
    public int Processors { get; init; }

    /// <summary>Memory used by its process, in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Number of active symbols.</summary>
    public int Symbols { get; init; }

    /// <summary>Number of records folded since its start.</summary>
    public long Records { get; init; }

    /// <summary>Records folded a second, over the last seconds.</summary>
    public double Rate { get; init; }

    /// <summary>Number of received records that are not answered yet.</summary>
    public long Waiting { get; init; }

    /// <summary>The age of the oldest unanswered record.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>Number of open TCP connections.</summary>
    public int Connections { get; init; }

    /// <summary>The location of its journal, without secrets.</summary>
    public string Journal { get; init; } = "";

    /// <summary>The problem of the journal; empty if it answers.</summary>
    public string JournalFault { get; init; } = "";

    /// <summary>Durable commits of the last minute, and their durations.</summary>
    public CommitTimes Commits { get; init; } = CommitTimes.None;
}

/// <summary>Number of commits, and the times within which 50 % and 99 % of them were durable; zero without commits.</summary>
public sealed record CommitTimes(long Count, TimeSpan P50, TimeSpan P99)
{
    /// <summary>No commits.</summary>
    public static CommitTimes None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero);
}

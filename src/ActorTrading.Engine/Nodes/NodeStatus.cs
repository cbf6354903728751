using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Nodes;

/// <summary>How a node is doing, as it says itself.</summary>
public sealed record NodeStatus
{
    /// <summary>HOST:PORT, by which the other nodes of its cluster know it; of a node alone, that of its HTTP port.</summary>
    public string Node { get; init; } = "";

    /// <summary>The address of its HTTP interface; empty where that is not known.</summary>
    public string Http { get; init; } = "";

    /// <summary>HOST:PORT where it takes records over TCP; empty where it does not.</summary>
    public string Ticks { get; init; } = "";

    /// <summary>The version of its program.</summary>
    public string Version { get; init; } = "";

    /// <summary>The id of its process.</summary>
    public int Process { get; init; }

    /// <summary>The status that <c>/health/ready</c> answers.</summary>
    public string Status { get; init; } = "";

    /// <summary>What is wrong, in words; none where all is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>When it was started, by its own clock.</summary>
    public Timestamp Started { get; init; }

    /// <summary>Processors that its process used over the last seconds: 1 is one of <see cref="Processors"/>.</summary>
    public double Processor { get; init; }

    /// <summary>Processors that it may use.</summary>
    public int Processors { get; init; }

    /// <summary>Memory of its process that is in use, in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Symbols that are awake on it.</summary>
    public int Symbols { get; init; }

    /// <summary>Records folded since its start.</summary>
    public long Records { get; init; }

    /// <summary>Records folded a second, over the last seconds.</summary>
    public double Rate { get; init; }

    /// <summary>Records that it took in and that are not answered yet.</summary>
    public long Waiting { get; init; }

    /// <summary>The age of the oldest of them.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>TCP connections that are open.</summary>
    public int Connections { get; init; }

    /// <summary>Where its journal is, without anything secret.</summary>
    public string Journal { get; init; } = "";

    /// <summary>What is wrong with the journal; empty where it answers.</summary>
    public string JournalFault { get; init; } = "";

    /// <summary>Commits of the last minute that became durable, and how long they took.</summary>
    public CommitTimes Commits { get; init; } = CommitTimes.None;
}

/// <summary>How many commits there were, and within what time half of them, and 99 of 100, were durable; zero without commits.</summary>
public sealed record CommitTimes(long Count, TimeSpan P50, TimeSpan P99)
{
    /// <summary>There were none.</summary>
    public static CommitTimes None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero);
}

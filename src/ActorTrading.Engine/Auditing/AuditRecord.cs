using ActorTrading.Engine.Ingest;

namespace ActorTrading.Engine.Auditing;

/// <summary>By which way a caller reached the node.</summary>
public enum AuditPort
{
    /// <summary>The TCP port for records.</summary>
    Tcp,

    /// <summary>An HTTP request.</summary>
    Http,

    /// <summary>A WebSocket.</summary>
    WebSocket,

    /// <summary>Server-sent events.</summary>
    Events,

    /// <summary>The port between nodes, or a console of the cluster.</summary>
    Cluster,

    /// <summary>The node itself: a file that was read again, a start, a stop.</summary>
    Local,
}

/// <summary>What became of what a caller wanted.</summary>
public enum AuditOutcome
{
    /// <summary>
    /// A change is about to be made. The line of its end has the same <see cref="AuditRecord.Change"/>; where there is
    /// none, the node ended meanwhile, and the journal says whether the change is durable.
    /// </summary>
    Begun,

    /// <summary>It was done, and is durable.</summary>
    Done,

    /// <summary>The caller may not do that.</summary>
    Refused,

    /// <summary>The caller may do it, and it was not done; or whether it was is not known.</summary>
    Failed,
}

/// <summary>A line of the audit log, see <see cref="AccessAudit"/>. Holds no secret: neither a token nor the hash of one.</summary>
public sealed record AuditRecord(string Caller, string Peer, AuditPort Door, string Action)
{
    /// <summary>The caller that shows nothing, or of whom nothing is asked.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>A caller whose token or certificate the rules do not know.</summary>
    public const string Unknown = "unknown";

    /// <summary>The node itself.</summary>
    public const string Node = "node";

    /// <summary>
    /// What it is about: a symbol, the path of a request, the source of a hello, a file; empty where the action says it
    /// all.
    /// </summary>
    public string Target { get; init; } = "";

    /// <summary>What became of it.</summary>
    public AuditOutcome Outcome { get; init; }

    /// <summary>Why not: the code that the caller is told; empty where it was done.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Says which lines are of the same change; numbers begin with 1 at each start of a node. 0: of none.</summary>
    public long Change { get; init; }

    /// <summary>How many refusals the line stands for.</summary>
    public long Count { get; init; } = 1;

    /// <summary>What was changed, by name, such as the hash of the plan <c>before</c> and <c>after</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>The name of a caller: as in the rules of access, or <see cref="Anonymous"/> where there are none.</summary>
    public static string NameOf(Grant? grant) => grant?.Name ?? Anonymous;
}

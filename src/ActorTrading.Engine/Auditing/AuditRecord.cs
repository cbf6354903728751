using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Engine.Auditing;

/// <summary>The protocol by which a caller reached the node.</summary>
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

    /// <summary>The port between nodes, or a cluster console.</summary>
    Cluster,

    /// <summary>The node itself: a reloaded file, a start, a stop.</summary>
    Local,
}

/// <summary>The outcome of an action.</summary>
public enum AuditOutcome
{
    /// <summary>
    /// A change is about to be made. The line with its outcome has the same <see cref="AuditRecord.Change"/>. If there is no such line, the
    /// node ended meanwhile, and the journal shows whether the change is durable.
    /// </summary>
    Begun,

    /// <summary>The action succeeded and is durable.</summary>
    Done,

    /// <summary>The caller has no right to the action.</summary>
    Refused,

    /// <summary>The caller has the right, but the action failed or its outcome is unknown.</summary>
    Failed,
}

/// <summary>A line of the audit log, see <see cref="AccessAudit"/>. Contains no secret: neither a token nor the hash of one.</summary>
public sealed record AuditRecord(string Caller, string Peer, AuditPort Port, string Action)
{
    /// <summary>A caller without credentials, or a caller on a node without access rules.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>A caller with a token or certificate that the rules do not know.</summary>
    public const string Unknown = "unknown";

    /// <summary>The node itself.</summary>
    public const string Node = "node";

    /// <summary>
    /// The target of the action: a symbol, the path of a request, the source of a hello, a file. Empty if the action is specific enough.
    /// </summary>
    public string Target { get; init; } = "";

    /// <summary>The outcome.</summary>
    public AuditOutcome Outcome { get; init; }

    /// <summary>Why the action failed: the error code that the caller receives; empty on success.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Identifies the lines of one change; numbers start at 1 at each start of a node. 0: no change.</summary>
    public long Change { get; init; }

    /// <summary>Number of refusals that the line represents.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Names and values of the changed data, such as the hash of the plan <c>before</c> and <c>after</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>The name of a caller in the access rules, or <see cref="Anonymous"/> if there are none.</summary>
    public static string NameOf(Grant? grant) => grant?.Name ?? Anonymous;
}

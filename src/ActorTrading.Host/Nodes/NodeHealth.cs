namespace ActorTrading.Host.Nodes;

/// <summary>
/// The health of a node, as <c>/health/ready</c> reports it. <paramref name="Fault"/>: why the node should not receive work; null when it
/// should. <paramref name="Degraded"/>: problems that do not stop service.
/// </summary>
internal sealed record NodeHealth(string Status, string? Fault, IReadOnlyList<string> Degraded, bool IsReady)
{
    /// <summary>Determines the health of a node, given the problem with its journal.</summary>
    public static NodeHealth Of(Node node, string? journalFault)
    {
        var phase = node.Phase;
        if (phase != NodePhase.Ready) return new NodeHealth(phase.ToString().ToLowerInvariant(), node.Hosting?.Failure?.Message, [], false);
        var cluster = node.Hosting?.Fault;
        var disk = node.Disk.IsLow
            ? $"{node.Disk.Free} bytes are free on the disk, {node.Disk.Mark} are required: no records are accepted."
            : null;
        var (fault, degraded) = (journalFault ?? cluster ?? disk, DegradedOf(node));
        var status = journalFault is not null ? "journal_unavailable"
            : cluster is not null ? "cluster_unavailable"
            : disk is not null ? "disk_low"
            : degraded.Count == 0 ? "ready" : "degraded";
        return new NodeHealth(status, fault, degraded, fault is null);
    }

    /// <summary>Problems that do not stop service, one line each.</summary>
    private static List<string> DegradedOf(Node node)
    {
        var problems = new List<string>();
        if (node.Hosting?.RetentionFailure is { } retention)
            problems.Add($"Old events and snapshots cannot be deleted: {retention.Message}");
        if (node.Hosting?.SignalLogFault is { } damaged) problems.Add($"Signals cannot be logged: {damaged.Message}");
        if (node.Ingest.Pipeline?.Rejects.Quarantine?.Problem is { } quarantine) problems.Add($"Rejections cannot be stored: {quarantine}");
        if (node.Audit.Problem is { } audit) problems.Add($"The audit log cannot be written, so changes are refused: {audit}");
        problems.AddRange(node.Connectors?.Problems ?? []);
        return problems;
    }
}

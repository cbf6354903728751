using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Ingest.Tls;

namespace ActorTrading.Host.Nodes;

/// <summary>Writes the node's own entries to its audit log.</summary>
internal static class NodeAudit
{
    /// <summary>Records the start of the node.</summary>
    public static void AuditStart(this Node node) =>
        node.Note(AuditActions.NodeStart, node.Options.Data, [new("version", BuildInfo.Version)]);

    /// <summary>
    /// Records that the configured plan (<c>--plan</c>) replaced the journaled plan. Null: no plan was configured, or the journal had none.
    /// </summary>
    public static void AuditPlan(this Node node, Plan? before)
    {
        if (before is null || before.Hash == node.Plan.Hash) return;
        var (old, now) = (before.Hash.ToString(), node.Plan.Hash.ToString());
        node.Note(AuditActions.PlanPut, now, [new("before", old), new("after", now), new("file", node.Options.Plan!)]);
    }

    /// <summary>Records an orderly stop of the node.</summary>
    public static void AuditStop(this Node node) => node.Note(AuditActions.NodeStop, node.Options.Data, []);

    /// <summary>Starts recording new versions of the access rules file and the certificate files.</summary>
    public static void AuditFiles(this Node node)
    {
        if (node.Security.Rules is { } rules) rules.OnReload = reload => node.AuditReload(reload);
        if (node.Security.Certificate is { } certificate) certificate.OnReload = problem => node.AuditReload(certificate, problem);
    }

    /// <summary>Records a TCP connection that was denied access.</summary>
    public static void AuditRefusal(this Node node, ConnectionStatus ended)
    {
        if (ended.Error is not { } error || !IngestError.IsAccessDenied(error.Code)) return;
        node.Audit.Refuse(new AuditRecord(ended.Caller, ended.Remote?.ToString() ?? "", AuditPort.Tcp, AuditActions.Access)
        {
            Target = ended.Claimed?.Name ?? "", Reason = error.Code,
        });
    }

    private static void AuditReload(this Node node, AccessReload reload)
    {
        var path = node.Options.Access!;
        if (reload.Problem is { } problem) node.Fail(AuditActions.RulesReload, path, "bad_rules", problem);
        else
        {
            node.Note(
                AuditActions.RulesReload, path,
                [.. Names("added", reload.Added), .. Names("removed", reload.Removed), .. Names("changed", reload.Changed)]);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Names(string what, IReadOnlyList<string> names) =>
        names.Count == 0 ? [] : [new(what, string.Join(", ", names))];

    private static void AuditReload(this Node node, CertificateFile file, string? problem)
    {
        var path = file.Options.Certificate;
        if (problem is not null) node.Fail(AuditActions.CertificateReload, path, "bad_certificate", problem);
        else
        {
            node.Note(
                AuditActions.CertificateReload, path, [new("subject", file.Current.Subject), new("thumbprint", file.Current.Thumbprint)]);
        }
    }

    private static void Fail(this Node node, string action, string target, string reason, string problem) =>
        node.Audit.Note(Local(action, target) with { Outcome = AuditOutcome.Failed, Reason = reason, Details = [new("problem", problem)] });

    private static void Note(this Node node, string action, string target, IReadOnlyList<KeyValuePair<string, string>> details) =>
        node.Audit.Note(Local(action, target) with { Outcome = AuditOutcome.Done, Details = details });

    private static AuditRecord Local(string action, string target) =>
        new(AuditRecord.Node, "", AuditPort.Local, action) { Target = target };
}

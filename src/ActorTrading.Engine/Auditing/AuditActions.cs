namespace ActorTrading.Engine.Auditing;

/// <summary>The actions of the audit log. All are listed in docs/security.md.</summary>
public static class AuditActions
{
    /// <summary>A request, a connection or a stream was refused.</summary>
    public const string Access = "access";

    /// <summary>A symbol was added to the subscription list.</summary>
    public const string SubscriptionsPut = "subscriptions.put";

    /// <summary>A symbol, or the whole subscription list, was removed.</summary>
    public const string SubscriptionsDelete = "subscriptions.delete";

    /// <summary>A connector starts to read a symbol.</summary>
    public const string ConnectorsPut = "connectors.put";

    /// <summary>A connector stops reading a symbol.</summary>
    public const string ConnectorsDelete = "connectors.delete";

    /// <summary>Another plan came into force.</summary>
    public const string PlanPut = "plan.put";

    /// <summary>Accepted records were excluded.</summary>
    public const string ExclusionsAdd = "exclusions.add";

    /// <summary>An exclusion ended.</summary>
    public const string ExclusionsRemove = "exclusions.remove";

    /// <summary>A symbol was deleted with all of its data.</summary>
    public const string SymbolsDelete = "symbols.delete";

    /// <summary>A browser logged in to the dashboard.</summary>
    public const string SessionLogin = "session.login";

    /// <summary>A dashboard session ended.</summary>
    public const string SessionLogout = "session.logout";

    /// <summary>The file of access rules was reloaded.</summary>
    public const string RulesReload = "rules.reload";

    /// <summary>The certificate was reloaded.</summary>
    public const string CertificateReload = "certificate.reload";

    /// <summary>The node started.</summary>
    public const string NodeStart = "node.start";

    /// <summary>The node is shutting down cleanly.</summary>
    public const string NodeStop = "node.stop";

    /// <summary>Lines were lost because the disk was full or slow and memory was full; the count is the number of missing lines.</summary>
    public const string AuditLost = "audit.lost";
}

namespace ActorTrading.Engine.Auditing;

/// <summary>What a line of the audit log can be about. Every action is listed in docs/security.md.</summary>
public static class AuditActions
{
    /// <summary>A request, a connection or a stream: its line says that it was refused.</summary>
    public const string Access = "access";

    /// <summary>A symbol was put on the list of those that are taken.</summary>
    public const string SubscriptionsPut = "subscriptions.put";

    /// <summary>A symbol, or the whole list, was taken away.</summary>
    public const string SubscriptionsDelete = "subscriptions.delete";

    /// <summary>A connector reads a symbol from now on.</summary>
    public const string ConnectorsPut = "connectors.put";

    /// <summary>A connector reads a symbol no more.</summary>
    public const string ConnectorsDelete = "connectors.delete";

    /// <summary>Another plan was put in force.</summary>
    public const string PlanPut = "plan.put";

    /// <summary>Accepted records were excluded.</summary>
    public const string ExclusionsAdd = "exclusions.add";

    /// <summary>An exclusion ended.</summary>
    public const string ExclusionsRemove = "exclusions.remove";

    /// <summary>A symbol was deleted with all that is known of it.</summary>
    public const string SymbolsDelete = "symbols.delete";

    /// <summary>A browser logged in to the dashboard.</summary>
    public const string SessionLogin = "session.login";

    /// <summary>A session of the dashboard ended.</summary>
    public const string SessionLogout = "session.logout";

    /// <summary>The file of access rules was read again.</summary>
    public const string RulesReload = "rules.reload";

    /// <summary>The certificate was read again.</summary>
    public const string CertificateReload = "certificate.reload";

    /// <summary>The node began.</summary>
    public const string NodeStart = "node.start";

    /// <summary>The node is being stopped in good order.</summary>
    public const string NodeStop = "node.stop";

    /// <summary>Lines that a full or slow disk did not take and memory had no room for: so many are missing here.</summary>
    public const string AuditLost = "audit.lost";
}

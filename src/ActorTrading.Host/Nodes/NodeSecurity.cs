using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Host.Web;

namespace ActorTrading.Host.Nodes;

/// <summary>Who may connect to a node over TCP and HTTP, and how the connections are encrypted.</summary>
internal sealed class NodeSecurity(NodeOptions options) : IDisposable
{
    /// <summary>The access rules for TCP and HTTP; null: every caller may do everything.</summary>
    public AccessRules? Rules { get; private set; }

    /// <summary>The TLS certificate of TCP and HTTP; null: no encryption.</summary>
    public CertificateFile? Certificate { get; private set; }

    /// <summary>The TCP and HTTP connections of each caller, counted against its quota.</summary>
    public CallerConnections Callers { get; } = new();

    /// <summary>HTTP connections whose caller is not identified yet.</summary>
    public PendingConnections Pending { get; } = new(options.Web, options.Tls?.HandshakeTimeout ?? TimeSpan.Zero);

    /// <summary>Loads the access rules and the certificate.</summary>
    /// <exception cref="AccessException">The access rules cannot be read.</exception>
    /// <exception cref="CertificateException">The certificate cannot be read.</exception>
    public void Load(Action<string> onNotice)
    {
        if (options.Access is { } rules) Rules = AccessRules.Load(rules, onNotice);
        if (options.Tls is { } tls) Certificate = CertificateFile.Open(tls, onNotice);
    }

    /// <summary>Stops watching the files.</summary>
    public void Dispose()
    {
        Rules?.Dispose();
        Certificate?.Dispose();
    }
}

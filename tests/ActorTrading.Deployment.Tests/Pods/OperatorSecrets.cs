using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorTrading.TestKit.Ingest;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>The Secrets that the overlay production needs, as described in its example and created by cert-manager.</summary>
internal sealed class OperatorSecrets : IDisposable
{
    /// <summary>A token with the right to send and read everything.</summary>
    public const string Token = "the-desk";

    private const string BothUses = "1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2"; // serverAuth, clientAuth

    private readonly X509Certificate2 clients = Certificates.MakeAuthority("CN=clients");
    private readonly X509Certificate2 nodes = Certificates.MakeAuthority("CN=nodes");

    public OperatorSecrets()
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Token))).ToLower(CultureInfo.InvariantCulture);
        All =
        [
            Secret("actortrading-journal", ("address", "Host=postgres;Database=trading;Username=trading"), ("password", "trading")),
            Secret("actortrading-access", ("rules.json", $$"""
                { "tokens": [{ "name": "desk", "sha256": "{{hash}}", "sources": ["*"], "symbols": ["*"], "read": ["*"] }] }
                """)),
            Tls("actortrading-tls", "actortrading-api", clients, use: "1.3.6.1.5.5.7.3.1"),
            Tls("actortrading-nodes-tls", "actortrading-nodes", nodes, BothUses),
        ];
    }

    public IReadOnlyList<V1Secret> All { get; }

    /// <summary>Whether a certificate was issued by the authority of the listeners.</summary>
    public bool IsOfDoors(X509Certificate certificate) => certificate.Issuer == clients.Subject;

    /// <summary>Whether a certificate was issued by the authority of nodes.</summary>
    public bool IsOfNodes(X509Certificate certificate) => certificate.Issuer == nodes.Subject;

    public void Dispose()
    {
        clients.Dispose();
        nodes.Dispose();
    }

    private static V1Secret Tls(string name, string dnsName, X509Certificate2 authority, string use)
    {
        using var made = Certificates.Make($"CN={dnsName}", names => names.AddDnsName(dnsName), authority, use);
        using var key = made.GetECDsaPrivateKey()!;
        return Secret(
            name,
            ("tls.crt", made.ExportCertificatePem()),
            ("tls.key", key.ExportPkcs8PrivateKeyPem()),
            ("ca.crt", authority.ExportCertificatePem()));
    }

    private static V1Secret Secret(string name, params (string Key, string Value)[] data) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Data = data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value)),
    };
}

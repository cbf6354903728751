using System.Security.Cryptography.X509Certificates;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Authorities and certificates in files of a folder that is deleted with the test.</summary>
internal sealed class NodePapers : IDisposable
{
    public const string NodeName = "node.cluster";
    public const string SubscriberName = "subscriber.cluster";

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, X509Certificate2> authorities = [];

    /// <summary>
    /// The TLS files of a node: a certificate for loopback and names, separated by spaces, issued by one authority; and the trusted
    /// authority.
    /// </summary>
    public NodeTls Of(
        string authority, string? believes = null, string name = "node.cluster", string? wanted = null, string? use = null,
        DateTimeOffset? until = null)
    {
        using var certificate = Certificates.Make(
            $"CN={name.Split(' ')[0]} of {authority}",
            names =>
            {
                names.AddIpAddress(System.Net.IPAddress.Loopback);
                foreach (var one in name.Split(' ')) names.AddDnsName(one);
            },
            AuthorityOf(authority),
            use,
            until);
        var file = Write(
            $"{Guid.NewGuid()}.pem", certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem());
        return new NodeTls
        {
            Certificate = file,
            Authority = Write($"{believes ?? authority}.pem", AuthorityOf(believes ?? authority).ExportCertificatePem()), Name = wanted,
        };
    }

    /// <summary>The TLS files of a node in a cluster whose subscribers have their own certificates.</summary>
    public NodeTls OfNode(string name = NodeName, bool roles = false) =>
        Of("cluster", name: name, wanted: NodeName) with { SubscriberName = SubscriberName, Roles = roles };

    /// <summary>The TLS files of a subscriber of that cluster.</summary>
    public NodeTls OfSubscriber() => Of("cluster", name: SubscriberName, wanted: NodeName);

    public void Dispose()
    {
        foreach (var authority in authorities.Values) authority.Dispose();
        folder.Dispose();
    }

    private X509Certificate2 AuthorityOf(string name)
    {
        if (!authorities.TryGetValue(name, out var authority)) authorities.Add(name, authority = Certificates.MakeAuthority($"CN={name}"));
        return authority;
    }

    private string Write(string name, string text)
    {
        var path = folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}

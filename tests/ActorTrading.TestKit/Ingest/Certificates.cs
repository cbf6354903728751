using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Ingest.Tls;

namespace ActorTrading.TestKit.Ingest;

/// <summary>Certificates made for one test.</summary>
public static class Certificates
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset To = From.AddDays(365);

    /// <summary>
    /// A certificate with its key; signed by an authority, or by itself; for some uses (OIDs, with spaces between them), or any; good for a
    /// year, or until a time.
    /// </summary>
    public static X509Certificate2 Make(
        string subject, Action<SubjectAlternativeNameBuilder>? names = null, X509Certificate2? authority = null, string? use = null,
        DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        if (use is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. use.Split(' ').Select(oid => new Oid(oid))], false));
        if (names is not null)
        {
            var builder = new SubjectAlternativeNameBuilder();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        if (authority is null) return request.CreateSelfSigned(From, until ?? To);
        using var signed = request.Create(authority, From, until ?? To, Guid.NewGuid().ToByteArray());
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>An authority.</summary>
    public static X509Certificate2 MakeAuthority(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(From, To);
    }

    /// <summary>Writes a certificate and its key as <c>server.pem</c> and <c>server.key</c>, and says so to a door.</summary>
    public static TlsOptions WritePem(TemporaryFolder folder, string subject, string name, X509Certificate2? authority = null)
    {
        using var made = Make(subject, names => names.AddDnsName(name), authority);
        using var key = made.GetECDsaPrivateKey()!;
        File.WriteAllText(folder.File("server.pem"), made.ExportCertificatePem());
        File.WriteAllText(folder.File("server.key"), key.ExportPkcs8PrivateKeyPem());
        return new TlsOptions { Certificate = folder.File("server.pem"), Key = folder.File("server.key") };
    }
}

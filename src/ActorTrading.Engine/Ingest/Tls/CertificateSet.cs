using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrading.Engine.Ingest.Tls;

/// <summary>
/// One version of the files of <see cref="TlsOptions"/>: the certificate with its chain, and the authorities for client certificates.
/// </summary>
internal sealed record CertificateSet(
    X509Certificate2 Certificate, SslStreamCertificateContext Context, X509Certificate2Collection? ClientAuthorities)
{
    /// <summary>Reads the files.</summary>
    public static CertificateSet Read(TlsOptions options)
    {
        var all = new X509Certificate2Collection();
        X509Certificate2 own;
        var password = Password(options);
        if (Path.GetExtension(options.Certificate).ToLowerInvariant() is ".pfx" or ".p12")
        {
            if (password is null) PrivateFiles.CheckSecret(options.Certificate);
            all = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.Certificate, password);
            own = all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CertificateException("it holds no private key");
        }
        else
        {
            var key = options.Key ?? options.Certificate;
            PrivateFiles.CheckSecret(key);
            using var read = password is null
                ? X509Certificate2.CreateFromPemFile(options.Certificate, key)
                : X509Certificate2.CreateFromEncryptedPemFile(options.Certificate, password, key);
            own = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null); // a key that TLS can use on every system
            all.ImportFromPemFile(options.Certificate);
        }

        X509Certificate2Collection? authorities = null;
        if (options.ClientAuthority is { } file)
        {
            authorities = [];
            authorities.ImportFromPemFile(file);
            if (authorities.Count == 0) throw new CertificateException($"{file} holds no certificate");
        }

        return new CertificateSet(own, SslStreamCertificateContext.Create(own, all, offline: true), authorities);
    }

    private static string? Password(TlsOptions options)
    {
        if (options.PasswordFile is { } file)
            return PrivateFiles.ReadSecretLine(file) ?? throw new CertificateException($"{file} is empty");
        if (options.PasswordVariable is not { } variable) return null;
        return Environment.GetEnvironmentVariable(variable) ?? throw new CertificateException($"the variable {variable} is not set");
    }
}

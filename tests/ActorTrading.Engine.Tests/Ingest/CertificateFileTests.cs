using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>Files of certificates that are as they should be, and not.</summary>
public sealed class CertificateFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("missing.pem", null)]
    [InlineData("server.pem", "missing.key")]
    [InlineData("server.key", null)]
    [InlineData("missing.pfx", null)]
    public void FilesThatCannotBeRead_AreNamed(string certificate, string? key)
    {
        Certificates.WritePem(folder, "CN=server", "node.example");
        var problem = Assert.Throws<CertificateException>(
            () => CertificateFile
                .Open(new TlsOptions { Certificate = folder.File(certificate), Key = key is null ? null : folder.File(key) }).Dispose());
        Assert.StartsWith(folder.File(certificate), problem.Message);
    }

    [Fact]
    public void PfxWithAPassword_IsRead()
    {
        using var made = Certificates.Make("CN=server");
        File.WriteAllBytes(folder.File("server.pfx"), made.Export(X509ContentType.Pkcs12, "opens it"));
        File.WriteAllText(folder.File("password"), "opens it\n");
        var options = new TlsOptions { Certificate = folder.File("server.pfx"), PasswordFile = folder.File("password") };
        using var file = CertificateFile.Open(options);
        Assert.Equal("CN=server", file.Current.Subject);
        File.WriteAllText(folder.File("password"), "does not\n");
        var problem = Assert.Throws<CertificateException>(() => CertificateFile.Open(options).Dispose());
        Assert.DoesNotContain("does not", problem.Message);
    }
}

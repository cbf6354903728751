using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorTrading.Engine;

namespace ActorTrading.Host.Commands;

/// <summary>
/// The credentials of a command (token, client certificate) and the certificate authorities that it trusts. Secrets come only from files or
/// the environment.
/// </summary>
internal sealed class Credentials
{
    /// <summary>The environment variable with the token.</summary>
    public const string TokenVariable = "ACTORTRADING_TOKEN";

    private readonly Option<string?> tokenFile = new("--token-file")
    {
        Description = $"File with the token. Default: the environment variable {TokenVariable}.", HelpName = "FILE",
    };
    private readonly Option<string?> ca = new("--ca")
    {
        Description = "Certificate authorities of the node's certificate, as PEM. Default: those of the system.",
        HelpName = "FILE",
    };
    private readonly Option<string?> certificate = new("--certificate")
    {
        Description = "Client certificate with its key, as PEM.", HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[tokenFile, ca, certificate]) command.Options.Add(option);
    }

    /// <summary>Whether an option was given that applies only to encrypted connections.</summary>
    public bool NeedEncryption(ParseResult parsed) => parsed.GetValue(ca) is not null || parsed.GetValue(certificate) is not null;

    /// <summary>
    /// The token; empty for none. Prints a warning to standard error when the token will cross a network without encryption.
    /// </summary>
    /// <exception cref="CommandException">The file cannot be read, or does not contain a token.</exception>
    public string Token(ParseResult parsed, string host, bool isEncrypted)
    {
        var path = parsed.GetValue(tokenFile);
        var token = (path is null
            ? Environment.GetEnvironmentVariable(TokenVariable)
            : Read(path, static path => Encoding.UTF8.GetString(PrivateFiles.ReadSecret(path)).TrimStart('\ufeff')))
            ?.Trim()
            ?? "";
        if ((path is not null && token.Length == 0) || !token.All(c => c is > ' ' and <= '~'))
            throw new CommandException(ExitCode.BadInput, $"{path ?? TokenVariable}: contains no token.");
        var isHere = host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        if (token.Length > 0 && !isEncrypted && !isHere) Console.Error.WriteLine($"warning: the token is sent to {host} unencrypted");
        return token;
    }

    /// <summary>The trusted certificate authorities; null: those of the operating system.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public X509Certificate2Collection? Authorities(ParseResult parsed) =>
        parsed.GetValue(ca) is not { } path ? null : Read(path, static path =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(path);
            return all.Count > 0 ? all : throw new CryptographicException("it holds no certificate");
        });

    /// <summary>The client certificate; null for none.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public X509Certificate2? Certificate(ParseResult parsed) =>
        parsed.GetValue(certificate) is not { } path ? null : Read(path, static path =>
        {
            PrivateFiles.CheckSecret(path);
            using var read = X509Certificate2.CreateFromPemFile(path);
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null); // a key that every system's TLS accepts
        });

    private static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
                or CryptographicException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: cannot be read: {exception.Message}");
        }
    }
}

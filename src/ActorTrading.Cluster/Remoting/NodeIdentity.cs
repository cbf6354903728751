using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Ingest;
using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// Who this node is to the others, and whom it takes for a node: encrypts both ends of a connection and lets nobody pass whose certificate is not of the cluster.
/// Given to the transport as a setup of the actor system. Safe for any number of threads.
/// </summary>
internal sealed class NodeIdentity(CertificateFile file, string? name) : Setup, IDisposable
{
    /// <summary>
    /// What the side that was connected to says first, once it likes what it was shown. In TLS 1.3 the other side would not know by itself: its handshake is over
    /// before its certificate is looked at.
    /// </summary>
    private static readonly byte[] Welcome = "ATN1"u8.ToArray();

    /// <summary>Reads the files.</summary>
    /// <exception cref="CertificateException">One cannot be read.</exception>
    public static NodeIdentity Open(NodeTls tls, ILoggerFactory? loggers) => new(
        CertificateFile.Open(
            new TlsOptions
            {
                Certificate = tls.Certificate, Key = tls.Key, PasswordFile = tls.PasswordFile, PasswordVariable = tls.PasswordVariable,
                ClientAuthority = tls.Authority, RequireClientCertificate = true,
            },
            notice => loggers?.CreateLogger(nameof(NodeIdentity)).LogWarning("{Notice}", notice)),
        tls.Name);

    /// <summary>Encrypts a connection that another node began, and welcomes it. The stream is the result's, or closed.</summary>
    /// <exception cref="AuthenticationException">It is no node of the cluster; the message says why.</exception>
    public Task<SslStream> AcceptAsync(Stream plain, CancellationToken cancellation)
    {
        var peer = new Peer(name);
        var options = file.ServerOptions();
        options.RemoteCertificateValidationCallback = peer.IsNode;
        return EncryptAsync(plain, peer, async stream =>
        {
            await stream.AuthenticateAsServerAsync(options, cancellation).ConfigureAwait(false);
            await stream.WriteAsync(Welcome, cancellation).ConfigureAwait(false);
        });
    }

    /// <summary>Encrypts a connection to another node, and waits to be welcome. The stream is the result's, or closed.</summary>
    /// <exception cref="AuthenticationException">It is no node of the cluster, or does not take this one for one; the message says why.</exception>
    public Task<SslStream> ConnectAsync(Stream plain, string host, CancellationToken cancellation)
    {
        var peer = new Peer(name);
        var options = file.ClientOptions(name ?? host);
        options.RemoteCertificateValidationCallback = peer.IsNode;
        return EncryptAsync(plain, peer, async stream =>
        {
            await stream.AuthenticateAsClientAsync(options, cancellation).ConfigureAwait(false);
            var said = new byte[Welcome.Length];
            if (await stream.ReadAtLeastAsync(said, said.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) < said.Length)
                throw new AuthenticationException("it does not take the certificate of this node for one of the cluster's");
            if (!said.AsSpan().SequenceEqual(Welcome)) throw new AuthenticationException("it is no node of this cluster, or of another version");
        });
    }

    public void Dispose() => file.Dispose();

    private static async Task<SslStream> EncryptAsync(Stream plain, Peer peer, Func<SslStream, Task> agree)
    {
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await agree(stream).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            if (peer.Fault is { } fault) throw new AuthenticationException(fault, e);
            throw;
        }
    }

    /// <summary>The other side of one connection.</summary>
    private sealed class Peer(string? name)
    {
        /// <summary>Why it is no node; null while nothing is known against it.</summary>
        public string? Fault { get; private set; }

        public bool IsNode(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
        {
            if (shown is not X509Certificate2 certificate) Fault = "it shows no certificate";
            else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
                Fault = $"the certificate '{certificate.Subject}' is not good: {string.Join(", ", chain!.ChainStatus.Select(status => status.Status))}";
            else if (errors != SslPolicyErrors.None) Fault = $"the certificate '{certificate.Subject}' is not of the address that it was found at";
            else if (name is not null && !certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false))
                Fault = $"the certificate '{certificate.Subject}' has not the name '{name}'";
            return Fault is null;
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.Discovery;

namespace ActorTrading.Cluster.Discovery;

/// <summary>
/// Finds nodes as Kubernetes pods: lists the pods of a label selector and returns addresses and ports of the running ones. Called
/// once a second until the node is in its cluster. Configured by <c>hocon/discovery.hocon</c>. Thread-safe.
/// </summary>
internal sealed class KubernetesServiceDiscovery : ServiceDiscovery
{
    private readonly string selector;
    private readonly string pods;
    private readonly string address;
    private readonly string tokenFile;
    private readonly string authorityFile;
    private readonly string namespaceFile;

    /// <summary>Called by Akka.NET with the section <c>akka.discovery.kubernetes</c>.</summary>
    public KubernetesServiceDiscovery(ExtendedActorSystem system, Config config)
    {
        _ = system;
        selector = config.GetString("selector");
        pods = config.GetString("namespace");
        address = config.GetString("address");
        tokenFile = config.GetString("token-file");
        authorityFile = config.GetString("ca-file");
        namespaceFile = config.GetString("namespace-file");
    }

    /// <summary>The pods that have the named port.</summary>
    /// <exception cref="KubernetesApiException">The API does not answer, or answers with an error.</exception>
    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        using var patience = new CancellationTokenSource(resolveTimeout);
        try
        {
            var list = await ListAsync(patience.Token).ConfigureAwait(false);
            using (list) return new Resolved(lookup.ServiceName, PodList.Targets(list.RootElement, lookup.PortName));
        }
        catch (OperationCanceledException)
        {
            throw new KubernetesApiException($"The Kubernetes API has not answered for {resolveTimeout.TotalSeconds:0.#} s.");
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or UnauthorizedAccessException or CryptographicException or JsonException)
        {
            throw new KubernetesApiException($"The Kubernetes API cannot be queried for pods: {e.GetBaseException().Message}");
        }
    }

    private async Task<JsonDocument> ListAsync(CancellationToken cancellation)
    {
        var api = address.Length > 0 ? new Uri(address) : InCluster();
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (api.Scheme == Uri.UriSchemeHttps) handler.SslOptions = Trust();
        using var client = new HttpClient(handler);
        var space = pods.Length > 0 ? pods : (await File.ReadAllTextAsync(namespaceFile, cancellation).ConfigureAwait(false)).Trim();
        var query = $"labelSelector={Uri.EscapeDataString(selector)}";
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(api, $"api/v1/namespaces/{Uri.EscapeDataString(space)}/pods?{query}"));
        if (File.Exists(tokenFile))
        {
            var token = await File.ReadAllTextAsync(tokenFile, cancellation).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        }

        using var answer = await client.SendAsync(request, cancellation).ConfigureAwait(false);
        var text = await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.OK) return JsonDocument.Parse(text);
        throw new KubernetesApiException($"The Kubernetes API answers {(int)answer.StatusCode} {answer.ReasonPhrase}: {ReasonOf(text)}");
    }

    /// <summary>URI of the API inside a pod.</summary>
    private static Uri InCluster()
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
            throw new KubernetesApiException("KUBERNETES_SERVICE_HOST and _PORT are not set: this is not a Kubernetes pod.");
        return new UriBuilder(Uri.UriSchemeHttps, host, int.Parse(port, CultureInfo.InvariantCulture)).Uri;
    }

    /// <summary>Trusts the authorities of the Kubernetes cluster only, not those of the system.</summary>
    private SslClientAuthenticationOptions Trust()
    {
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.ImportFromPemFile(authorityFile);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = chain };
    }

    /// <summary>Reason of an error answer: the message of the Status object, e.g. the permission that the account lacks.</summary>
    private static string ReasonOf(string text)
    {
        try
        {
            using var status = JsonDocument.Parse(text);
            return status.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? text : text;
        }
        catch (JsonException)
        {
            return text; // perhaps from a proxy
        }
    }
}

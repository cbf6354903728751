using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ActorTrading.Host.Api;

/// <summary>HTTP client of a running node. Errors are <see cref="CommandException"/>s with a one-line message.</summary>
internal sealed class NodeApi : IDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;

    /// <summary>Creates a client.</summary>
    /// <param name="node">The address of the node, such as <c>http://127.0.0.1:5000</c>.</param>
    /// <param name="token">The token to send; empty for none. Never printed.</param>
    /// <param name="authorities">The trusted issuers of the node's certificate; null: those of the operating system.</param>
    /// <param name="certificate">The client certificate; null for none.</param>
    public NodeApi(Uri node, string token, X509Certificate2Collection? authorities = null, X509Certificate2? certificate = null)
    {
        Node = node;
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (certificate is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        http = new HttpClient(handler)
        {
            BaseAddress = new Uri(node.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan,
        };
        if (token.Length > 0) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The address of the node.</summary>
    public Uri Node { get; }

    /// <summary>Sends a GET request and returns the JSON of the response.</summary>
    /// <exception cref="CommandException">The node does not answer, or rejects the request.</exception>
    public Task<JsonDocument> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, cancellation);

    /// <summary>Sends a request and returns the JSON of the response; an empty object when it has none.</summary>
    /// <param name="content">The request body; null for none.</param>
    /// <param name="within">The timeout; one minute by default.</param>
    /// <exception cref="CommandException">The node does not answer, or rejects the request.</exception>
    public async Task<JsonDocument> SendAsync(
        HttpMethod method, string path, CancellationToken cancellation, HttpContent? content = null, TimeSpan? within = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(within ?? WaitTimeout);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await OpenAsync(request, patience.Token);
            var body = await response.Content.ReadAsByteArrayAsync(patience.Token);
            return JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
        }
        catch (JsonException)
        {
            throw new CommandException(ExitCode.NoNode, $"{Node}: the response is not JSON; is this a node?");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Silent(exception);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.NoNode, $"{Node}: no answer within {WaitTimeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>Sends a request and returns the response after its headers.</summary>
    /// <exception cref="CommandException">The node rejects the request.</exception>
    /// <exception cref="HttpRequestException">The node does not answer.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await ErrorAsync(response, cancellation);
    }

    /// <summary>Opens a WebSocket with a first subscription, such as <c>topics=signals</c>.</summary>
    /// <exception cref="CommandException">The node does not answer, or rejects the request.</exception>
    public async Task<ClientWebSocket> SubscribeAsync(string query, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        if (http.DefaultRequestHeaders.Authorization is { } token) socket.Options.SetRequestHeader("Authorization", token.ToString());
        try
        {
            var address = new UriBuilder(new Uri(http.BaseAddress!, "ws")) { Query = query };
            address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
            await socket.ConnectAsync(address.Uri, http, cancellation);
            return socket;
        }
        catch (WebSocketException exception)
        {
            socket.Dispose();
            throw new CommandException(ExitCode.NoNode, $"{Node}: subscription failed: {(exception.InnerException ?? exception).Message}");
        }
    }

    /// <summary>The error when the node does not answer.</summary>
    public CommandException Silent(Exception exception) =>
        new(ExitCode.NoNode, $"{Node}: no node answers: {(exception.InnerException ?? exception).Message}");

    public void Dispose() => http.Dispose();

    private async Task<CommandException> ErrorAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var (code, detail) = ("", "");
        try
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            if (problem.RootElement.TryGetProperty("code", out var named)) code = named.ToString();
            else if (problem.RootElement.TryGetProperty("status", out var health)) code = health.ToString();
            if (problem.RootElement.TryGetProperty("detail", out var told)) detail = told.ToString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not a problem document of a node: only the status is known.
        }

        var said = code.Length > 0 ? $"{code}: {detail}" : $"{(int)response.StatusCode} {response.ReasonPhrase}";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized =>
                new(ExitCode.NoNode, $"{Node}: {said} (set the token with ACTORTRADING_TOKEN or --token-file)"),
            HttpStatusCode.Forbidden or >= HttpStatusCode.InternalServerError => new(ExitCode.NoNode, $"{Node}: {said}"),
            _ when code == "plan_refused" => new(ExitCode.BadInput, said.Split('\n')), // a line for each error
            _ => new(ExitCode.BadInput, said),
        };
    }
}

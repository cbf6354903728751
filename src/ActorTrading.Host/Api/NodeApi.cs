using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ActorTrading.Host.Api;

/// <summary>Asks a running node over HTTP. What goes wrong is a <see cref="CommandException"/> of one clear line.</summary>
internal sealed class NodeApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;

    /// <summary>A client of the node at an address.</summary>
    /// <param name="node">Such as <c>http://127.0.0.1:5000</c>.</param>
    /// <param name="token">What it shows; empty for nothing. Never printed.</param>
    /// <param name="authorities">Whom its certificate must come from; null: those that the system trusts.</param>
    /// <param name="certificate">The certificate to show; null for none.</param>
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

    /// <summary>Where the node is.</summary>
    public Uri Node { get; }

    /// <summary>Asks for a path, and returns the answer's JSON.</summary>
    /// <exception cref="CommandException">Nobody answers, or the answer is no.</exception>
    public Task<JsonDocument> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, cancellation);

    /// <summary>Sends a request, and returns the answer's JSON; an empty object where it has none.</summary>
    /// <param name="content">The body; none when left out.</param>
    /// <param name="within">How long the answer may take; a minute when left out.</param>
    /// <exception cref="CommandException">Nobody answers, or the answer is no.</exception>
    public async Task<JsonDocument> SendAsync(
        HttpMethod method, string path, CancellationToken cancellation, HttpContent? content = null, TimeSpan? within = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(within ?? Patience);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await OpenAsync(request, patience.Token);
            var body = await response.Content.ReadAsByteArrayAsync(patience.Token);
            return JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
        }
        catch (JsonException)
        {
            throw new CommandException(ExitCode.NoNode, $"{Node}: the answer is no JSON; is that a node?");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Silent(exception);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.NoNode, $"{Node}: no answer within {Patience.TotalSeconds:0} s.");
        }
    }

    /// <summary>Sends a request, and returns the answer once its head is there.</summary>
    /// <exception cref="CommandException">The answer is no.</exception>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await RefusalAsync(response, cancellation);
    }

    /// <summary>Opens the WebSocket with a first subscription, such as <c>topics=signals</c>.</summary>
    /// <exception cref="CommandException">Nobody answers, or the answer is no.</exception>
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
            throw new CommandException(ExitCode.NoNode, $"{Node}: no subscription: {(exception.InnerException ?? exception).Message}");
        }
    }

    /// <summary>What to say when nobody answers.</summary>
    public CommandException Silent(Exception exception) =>
        new(ExitCode.NoNode, $"{Node}: no node answers there: {(exception.InnerException ?? exception).Message}");

    public void Dispose() => http.Dispose();

    private async Task<CommandException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
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
            // It is not one of ours; its status must do.
        }

        var said = code.Length > 0 ? $"{code}: {detail}" : $"{(int)response.StatusCode} {response.ReasonPhrase}";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized =>
                new(ExitCode.NoNode, $"{Node}: {said} (the token is taken from ACTORTRADING_TOKEN or --token-file)"),
            HttpStatusCode.Forbidden or >= HttpStatusCode.InternalServerError => new(ExitCode.NoNode, $"{Node}: {said}"),
            _ when code == "plan_refused" => new(ExitCode.BadInput, said.Split('\n')), // a line for each fault
            _ => new(ExitCode.BadInput, said),
        };
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ActorTrading.Client.Http;

/// <summary>Sends HTTP requests to a node and converts errors to exceptions.</summary>
internal sealed class NodeRequests : IDisposable
{
    private readonly HttpClient http;
    private readonly TimeSpan timeout;

    public NodeRequests(NodeClientSettings settings)
    {
        timeout = settings.Timeout;
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false, AllowAutoRedirect = false,
        };
        if (settings.Tls is { } tls) handler.SslOptions = tls.ToOptions(null);
        http = new HttpClient(handler) { BaseAddress = settings.Address, Timeout = Timeout.InfiniteTimeSpan };
        if (settings.Token.Length > 0) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", settings.Token);
    }

    /// <summary>Builds a path with a query; parameters that are null are left out.</summary>
    public static string PathOf(string path, params (string Name, object? Value)[] query)
    {
        var given = query.Where(part => part.Value is not null)
            .Select(part => $"{part.Name}={Uri.EscapeDataString(Convert.ToString(part.Value, CultureInfo.InvariantCulture)!)}");
        return string.Join('?', ((string[])[path, string.Join('&', given)]).Where(part => part.Length > 0));
    }

    /// <summary>Sends a GET request and returns the response.</summary>
    public Task<string> GetAsync(string path, CancellationToken cancellation) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, Relative(path)), [], cancellation);

    /// <summary>Sends a POST request and returns the response, also that of the additional accepted status.</summary>
    public Task<string> PostAsync(string path, HttpContent content, HttpStatusCode alsoGood, CancellationToken cancellation) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Post, Relative(path)) { Content = content }, [alsoGood], cancellation);

    /// <summary>Opens a response stream that does not end. The caller disposes it.</summary>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Relative(path));
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return await answer.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            using (answer) throw await ErrorOfAsync(answer, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellation))
        {
            throw Unreachable(exception);
        }
    }

    public void Dispose() => http.Dispose();

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static bool IsNoAnswer(Exception exception, CancellationToken cancellation) =>
        exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static async Task<RequestFailedException> ErrorOfAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var (code, detail) = ("unknown", answer.ReasonPhrase ?? "");
        try
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false));
            if (json.RootElement.TryGetProperty("code", out var found)) code = found.GetString() ?? code;
            if (json.RootElement.TryGetProperty("detail", out found)
                || json.RootElement.TryGetProperty("title", out found)) detail = found.GetString() ?? detail;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The response is not from the node but from a proxy before it.
        }

        return (int)answer.StatusCode switch
        {
            401 or 403 => new NotAuthorizedException(answer.StatusCode, code, detail),
            404 or 410 => new NotFoundException(answer.StatusCode, code, detail),
            429 or 503 => new NodeBusyException(
                answer.StatusCode, code, detail, answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1)),
            _ => new RequestFailedException(answer.StatusCode, code, detail),
        };
    }

    private async Task<string> AskAsync(HttpRequestMessage request, HttpStatusCode[] alsoGood, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using (request)
            {
                using var answer = await http.SendAsync(request, limit.Token).ConfigureAwait(false);
                if (!answer.IsSuccessStatusCode && !alsoGood.Contains(answer.StatusCode))
                    throw await ErrorOfAsync(answer, limit.Token).ConfigureAwait(false);
                return await answer.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellation))
        {
            throw Unreachable(exception);
        }
    }

    private NodeUnreachableException Unreachable(Exception cause) => new(
        $"{http.BaseAddress}: {(cause is OperationCanceledException ? $"no answer within {timeout}" : cause.Message)}", cause);
}

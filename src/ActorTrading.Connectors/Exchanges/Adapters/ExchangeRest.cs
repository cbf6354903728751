using System.Net;
using System.Text.Json;

namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>Client of the REST endpoints of an exchange, within its rate limit. Thread-safe; callers wait for each other.</summary>
/// <param name="headers">Headers of each request. Redirections to another host are not followed.</param>
internal sealed class ExchangeRest(Uri address, IReadOnlyDictionary<string, string> headers, TimeSpan every, TimeProvider time)
    : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
        { BaseAddress = WithSlash(address), Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim turn = new(1, 1);
    private long next; // timestamp of the clock for the next request

    /// <summary>Requests a JSON document.</summary>
    /// <exception cref="ExchangeException">The request failed.</exception>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var wait = next == 0 ? TimeSpan.Zero : every - time.GetElapsedTime(next);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            next = time.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await http.SendAsync(request, cancellation).ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.OK) throw Refused(path, answer);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            return await JsonDocument.ParseAsync(body, default, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new ExchangeException(ExchangeError.RequestFailed, $"GET {Short(path)}: {e.Message}", e);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        http.Dispose();
        turn.Dispose();
    }

    private static ExchangeException Refused(string path, HttpResponseMessage answer) =>
        new(ExchangeError.RequestFailed, $"GET {Short(path)}: {(int)answer.StatusCode}") { RetryAfter = answer.Headers.RetryAfter?.Delta };

    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    private static string Short(string path) => path.Split('?')[0];
}

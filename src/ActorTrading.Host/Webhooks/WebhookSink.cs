using System.Buffers;
using System.Net.Http.Headers;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Webhooks;

/// <summary>
/// Delivers each matching signal of the log at least once, in the order of the log. Its outbox is the log and a position: a receiver that
/// is down for days costs no memory and delays no other webhook. Guarantees: docs/webhooks.md.
/// </summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private const int SkippedBetweenSaves = 1_024;

    private readonly WebhookOptions options;
    private readonly WebhookContext context;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly HttpClient client;
    private readonly WebhookCursor cursor;
    private readonly DeadLetters deadLetters;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private long position;
    private long saved;
    private long attempts;
    private long failures;
    private long delivered;
    private long dead;
    private long cursorFailures;
    private string? fault;
    private WebhookAttempt? lastAnswer;
    private long nextTry; // in UTC ticks; 0: no retry scheduled

    /// <summary>Creates the sink. It continues at its stored position; a new webhook starts where its options say.</summary>
    /// <exception cref="WebhookException">Its stored files are unusable; the message gives the reason.</exception>
    public WebhookSink(WebhookOptions options, WebhookContext context)
    {
        this.options = options;
        this.context = context;
        (time, logger) = (context.Time, context.Logger);
        var path = Path.Combine(context.Folder, options.Name);
        cursor = new WebhookCursor(path + ".cursor");
        deadLetters = new DeadLetters(path + ".dead.ndjson", path + ".dead.old.ndjson", options.DeadLetterBytes);
        position = saved = Begin(path);
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a webhook posts only to its configured URL
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that DNS changes take effect
            ConnectTimeout = options.Timeout,
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan, // the sink has its own timeout, on its own clock
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ActorTrading", BuildInfo.Version.Split('+')[0]));
        logger.Begins(options.Name, options.Host, position);
        running = Task.Run(RunAsync);
    }

    /// <summary>The status of the webhook.</summary>
    public WebhookStatus Status
    {
        get
        {
            var at = Interlocked.Read(ref position);
            return new WebhookStatus(
                options.Name, options.Host, at, Math.Max(0, context.LastSignal() - at), Interlocked.Read(ref attempts),
                Interlocked.Read(ref failures), Interlocked.Read(ref delivered), Interlocked.Read(ref dead),
                Interlocked.Read(ref cursorFailures), Volatile.Read(ref fault))
            {
                Wanted = options,
                LastAnswer = Volatile.Read(ref lastAnswer),
                NextTry = Interlocked.Read(ref nextTry) is var due and > 0 ? new DateTimeOffset(due, TimeSpan.Zero) : null,
            };
        }
    }

    /// <summary>Stops. A request in progress is cancelled and repeated later with the same key.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        client.Dispose();
    }

    private long Begin(string path)
    {
        var last = context.LastSignal();
        if (cursor.Load() is { } known)
        {
            if (known <= last) return known;
            throw new WebhookException(
                $"{path}.cursor is at position {known}, and the log ends at {last}: it belongs to another journal. Delete it to reset it.");
        }

        try
        {
            // Store the position now, so that a crash before the first delivery does not lose the starting point.
            PrivateFiles.CreateFolder(context.Folder);
            var first = options.FromFirst ? 0 : last;
            cursor.Save(first);
            return first;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WebhookException($"{path}.cursor cannot be written: {exception.Message}");
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var logged in context.Engine.SignalsAsync(position, stopping.Token))
            {
                if (options.Wants(logged.Signal)) await DeliverAsync(logged);
                Interlocked.Exchange(ref position, logged.Position);
                if (options.Wants(logged.Signal) || logged.Position - saved >= SkippedBetweenSaves) Save();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Cancelled.
        }
        catch (Exception exception)
        {
            // The engine has failed and reports that itself; the webhook stops.
            Volatile.Write(ref fault, exception.Message);
            logger.Ended(options.Name, exception.Message);
        }
    }

    private async Task DeliverAsync(LoggedSignal logged)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await TryAsync(logged, attempt);
            if (answer.Fate != WebhookFate.TryAgain)
            {
                if (attempt > 1) logger.WorksAgain(options.Name, options.Host, attempt, logged.Position);
                Volatile.Write(ref fault, null);
                return;
            }

            if (attempt == 1) logger.Fails(options.Name, options.Host, logged.Position, answer.Reason);
            Volatile.Write(ref fault, answer.Reason);
            var wait = WaitAfter(attempt, answer.RetryAfter);
            Interlocked.Exchange(ref nextTry, (time.GetUtcNow() + wait).UtcTicks);
            await Task.Delay(wait, time, stopping.Token);
            Interlocked.Exchange(ref nextTry, 0);
        }
    }

    /// <summary>
    /// Makes one attempt. When the receiver rejects the signal permanently, writes the dead letter; when that fails, the attempt is
    /// repeated.
    /// </summary>
    private async Task<WebhookAnswer> TryAsync(LoggedSignal logged, int attempt)
    {
        Interlocked.Increment(ref attempts);
        var answer = await PostAsync(logged);
        Volatile.Write(ref lastAnswer, new WebhookAttempt(answer.Reason, time.GetUtcNow()));
        if (answer.Fate == WebhookFate.Delivered)
        {
            Interlocked.Increment(ref delivered);
            return answer;
        }

        Interlocked.Increment(ref failures);
        if (answer.Fate == WebhookFate.TryAgain) return answer;
        try
        {
            deadLetters.Add(logged, time.GetUtcNow(), attempt, answer.Reason);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WebhookAnswer(
                WebhookFate.TryAgain, $"refused ({answer.Reason}), and the dead letter cannot be written: {exception.Message}");
        }

        Interlocked.Increment(ref dead);
        logger.Refuses(options.Name, options.Host, logged.Signal.Id, logged.Position, answer.Reason);
        return answer;
    }

    private async Task<WebhookAnswer> PostAsync(LoggedSignal logged)
    {
        using var patience = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping.Token);
        try
        {
            using var request = RequestOf(logged);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return WebhookAnswer.Of(response, time.GetUtcNow());
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new WebhookAnswer(WebhookFate.TryAgain, $"no answer within {options.Timeout}");
        }
        catch (HttpRequestException exception)
        {
            return new WebhookAnswer(WebhookFate.TryAgain, (exception.InnerException ?? exception).Message);
        }
    }

    private HttpRequestMessage RequestOf(LoggedSignal logged)
    {
        var body = new ArrayBufferWriter<byte>();
        SignalJson.Write(logged.Position, logged.Signal, body);
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body.WrittenSpan.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Idempotency-Key", logged.EntryId);
        if (options.Secret is { } secret)
            request.Headers.Add("X-ActorTrading-Signature", secret.Sign(time.GetUtcNow().ToUnixTimeSeconds(), body.WrittenSpan));
        return request;
    }

    /// <summary>
    /// The retry delay: doubles with each attempt and is randomized within its upper half, so that webhooks that failed together do not
    /// retry together.
    /// </summary>
    private TimeSpan WaitAfter(int attempt, TimeSpan? asked)
    {
        var full = Math.Min(options.LongestWait.TotalSeconds, options.FirstWait.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30)));
        var wait = TimeSpan.FromSeconds(full * (0.5 + (context.Chance() / 2)));
        return asked > wait ? asked.Value : wait;
    }

    private void Save()
    {
        try
        {
            cursor.Save(position);
            saved = position;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Increment(ref cursorFailures) == 1) logger.CursorFails(options.Name, position, exception.Message);
        }
    }
}

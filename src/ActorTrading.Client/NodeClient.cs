using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorTrading.Client.Http;
using ActorTrading.Client.Records;

namespace ActorTrading.Client;

/// <summary>
/// HTTP client of a node: resumable streams of signals and bars, history, and sending of records. Thread-safe. Every call can throw
/// <see cref="RequestFailedException"/> (or a derived type) and <see cref="NodeUnreachableException"/>. Streams reconnect after the latter
/// and after <see cref="NodeBusyException"/>.
/// </summary>
public sealed class NodeClient : IDisposable
{
    private const int PageBars = 10_000;
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(100);

    private readonly NodeClientSettings settings;
    private readonly NodeRequests requests;

    /// <summary>Creates a client. It connects at the first call.</summary>
    public NodeClient(NodeClientSettings? settings = null)
    {
        this.settings = settings ?? new NodeClientSettings();
        requests = new NodeRequests(this.settings);
    }

    /// <summary>Sends a GET request for a path with its query and returns the JSON response. The caller disposes it.</summary>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellation = default) =>
        JsonDocument.Parse(await requests.GetAsync(path, cancellation).ConfigureAwait(false));

    /// <summary>The symbols of the node that the caller may read.</summary>
    public Task<IReadOnlyList<string>> SymbolsAsync(CancellationToken cancellation = default) => AskAsync<IReadOnlyList<string>>(
        "symbols", static json =>
            [.. json.GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetProperty("symbol").GetString()!)], cancellation);

    /// <summary>The hash over the state of every symbol. Equal to the hash of a backtest of the same records in the same order.</summary>
    public Task<string> StateHashAsync(CancellationToken cancellation = default) =>
        AskAsync("state-hash", static json => json.GetProperty("state_hash").GetString()!, cancellation);

    /// <summary>The position of the last signal in the node's log; 0 if there is none.</summary>
    public Task<long> LastPositionAsync(CancellationToken cancellation = default) =>
        AskAsync("signals?limit=1", static json => json.GetProperty("last").GetInt64(), cancellation);

    /// <summary>
    /// Sends records in one request. Accepted records are durable when it returns. After a failed request it is unknown which records were
    /// accepted: send the request again with the same source, epoch and numbers. For a continuous flow use <see cref="Feed"/>.
    /// </summary>
    public async Task<IngestResult> IngestAsync(
        IEnumerable<MarketRecord> records, string? source = null, long? epoch = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            foreach (var record in records)
            {
                record.WriteTo(json, null);
                json.Flush();
                body.WriteByte((byte)'\n');
                json.Reset();
            }
        }

        using var content = new ByteArrayContent(body.ToArray());
        var path = NodeRequests.PathOf("ingest", ("source", source), ("epoch", epoch), ("time_unit", "ns"));
        var allRefused = HttpStatusCode.UnprocessableEntity;
        var text = await requests.PostAsync(path, content, allRefused, cancellation).ConfigureAwait(false);
        return Answers.Read(text, static json => new IngestResult(
            Count(json, "received"), Count(json, "applied"), Count(json, "late"), Count(json, "duplicate"), Count(json, "rejected"))
        {
            Rejections = json.TryGetProperty("rejections", out var refused) ? [.. refused.EnumerateArray().Select(Rejection.Of)] : [],
        });

        static long Count(JsonElement json, string name) => json.GetProperty(name).GetInt64();
    }

    /// <summary>
    /// Closed bars in time order, from <paramref name="from"/> (null: the first bar) to <paramref name="to"/>, excluded (null: the last
    /// closed bar).
    /// </summary>
    public async IAsyncEnumerable<Bar> HistoryAsync(
        string symbol, string frame = "1min", NanoTime? from = null, NanoTime? to = null,
            [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        var position = (from ?? new NanoTime(0)).ToString();
        while (true)
        {
            var path = NodeRequests.PathOf(
                $"symbols/{Uri.EscapeDataString(symbol)}/bars", ("frame", frame), ("limit", PageBars), ("to", to?.ToString()),
                    ("from", position));
            var (bars, next) = await AskAsync(
                path, json => (Bars(json), json.TryGetProperty("next", out var found) ? found.GetString() : null), cancellation)
                .ConfigureAwait(false);
            foreach (var bar in bars) yield return bar;
            if (bars.Count == 0 || next is null || next == position) yield break;
            position = next;
        }

        List<Bar> Bars(JsonElement json) => [.. json.GetProperty("bars").EnumerateArray().Select(bar => Bar.Of(bar, symbol, frame))];
    }

    /// <summary>
    /// Signals after a position, then live signals; the stream does not end. No signal is lost or repeated, even across reconnects.
    /// </summary>
    /// <param name="after">The position of the last signal that the caller has processed; 0 for all signals, null for new signals
    /// only.</param>
    /// <param name="symbols">The symbols; null for all.</param>
    /// <param name="cancellation">Ends the stream.</param>
    public async IAsyncEnumerable<Signal> SignalsAsync(
        long? after = 0, IReadOnlyCollection<string>? symbols = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var position = after;
        await foreach (var message in StreamAsync(
            () => NodeRequests.PathOf("events", ("topics", "signals"), ("from", position), ("symbols", Joined(symbols))),
                cancellation).ConfigureAwait(false))
        {
            if (message.Name == "subscribed" && position is null)
            {
                position = Answers.Read(message.Data, static json => json.GetProperty("last").GetInt64());
            }
            else if (message.Name == "signal")
            {
                var signal = Signal.Parse(message.Data);
                if (signal.Position <= position) continue;
                position = signal.Position;
                yield return signal;
            }
        }
    }

    /// <summary>
    /// Live closed bars of symbols; the stream does not end. The bars of a symbol are in time order; none is lost or repeated.
    /// </summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="frame">The frame of the bars.</param>
    /// <param name="after">The open time of the last bar that the caller has; null for new bars only.</param>
    /// <param name="cancellation">Ends the stream.</param>
    public async IAsyncEnumerable<Bar> BarsAsync(
        IReadOnlyCollection<string> symbols, string frame = "1min", NanoTime? after = null,
            [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        if (symbols.Count == 0) throw new ArgumentException("No symbol is given.", nameof(symbols));
        var last = new Dictionary<string, NanoTime?>();
        foreach (var symbol in symbols) last[symbol] = after ?? await NewestAsync(symbol, frame, cancellation).ConfigureAwait(false);
        var path = NodeRequests.PathOf("events", ("topics", "bars"), ("symbols", Joined(symbols)), ("frames", frame));
        await foreach (var message in StreamAsync(() => path, cancellation).ConfigureAwait(false))
        {
            if (message.Name is "subscribed" or "missed")
            {
                foreach (var symbol in symbols)
                {
                    await foreach (var bar in SinceAsync(symbol, frame, last[symbol], cancellation).ConfigureAwait(false))
                    {
                        last[symbol] = bar.OpenTime;
                        yield return bar;
                    }
                }
            }
            else if (message.Name == "bar" && Answers.Read(message.Data, static json => Bar.Of(json)) is var bar
                && (!last.TryGetValue(bar.Symbol, out var before) || before is not { } known || bar.OpenTime > known))
            {
                last[bar.Symbol] = bar.OpenTime;
                yield return bar;
            }
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => requests.Dispose();

    private static string? Joined(IReadOnlyCollection<string>? symbols) => symbols is { Count: > 0 } ? string.Join(',', symbols) : null;

    private async Task<T> AskAsync<T>(string path, Func<JsonElement, T> read, CancellationToken cancellation) =>
        Answers.Read(await requests.GetAsync(path, cancellation).ConfigureAwait(false), read);

    private async Task<NanoTime?> NewestAsync(string symbol, string frame, CancellationToken cancellation)
    {
        try
        {
            var path = NodeRequests.PathOf($"symbols/{Uri.EscapeDataString(symbol)}/bars", ("frame", frame), ("limit", 1));
            return await AskAsync(path, json => json.GetProperty("bars").EnumerateArray().Select(
                bar => (NanoTime?)Bar.Of(bar, symbol, frame).OpenTime).LastOrDefault(), cancellation)
                .ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            return null; // nothing of it was received yet
        }
    }

    /// <summary>The bars after a moment, that of the moment excluded. Retries if the node does not respond.</summary>
    private async IAsyncEnumerable<Bar> SinceAsync(
        string symbol, string frame, NanoTime? last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var pause = FirstBackOff; ; pause = Longer(pause))
        {
            await using var bars = HistoryAsync(symbol, frame, last, null, cancellation).GetAsyncEnumerator(cancellation);
            var isComplete = false;
            while (true)
            {
                try
                {
                    isComplete = !await bars.MoveNextAsync().ConfigureAwait(false);
                    if (isComplete) break;
                }
                catch (NotFoundException)
                {
                    yield break; // nothing of it was received yet
                }
                catch (Exception exception) when (IsPassing(exception))
                {
                    break;
                }

                if (last is { } before && bars.Current.OpenTime <= before) continue;
                last = bars.Current.OpenTime;
                yield return bars.Current;
            }

            if (isComplete) yield break;
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }

    private static bool IsPassing(Exception exception) =>
        exception is NodeUnreachableException or NodeBusyException or IOException or HttpRequestException;

    private TimeSpan Longer(TimeSpan pause) => pause * 2 < settings.MaxBackOff ? pause * 2 : settings.MaxBackOff;

    /// <summary>The messages of a stream; reconnects after an error.</summary>
    private async IAsyncEnumerable<ServerEvent> StreamAsync(Func<string> path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pause = FirstBackOff;
        while (true)
        {
            await using (var messages = ConnectionAsync(path(), cancellation).GetAsyncEnumerator(cancellation))
            {
                while (true)
                {
                    try
                    {
                        if (!await messages.MoveNextAsync().ConfigureAwait(false)) break;
                    }
                    catch (Exception exception) when (IsPassing(exception))
                    {
                        if (exception is NodeBusyException busy && busy.RetryAfter > pause) pause = busy.RetryAfter;
                        break;
                    }

                    pause = FirstBackOff;
                    yield return messages.Current;
                }
            }

            if (pause > settings.MaxBackOff) pause = settings.MaxBackOff;
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
            pause = Longer(pause);
        }
    }

    private async IAsyncEnumerable<ServerEvent> ConnectionAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = await requests.OpenAsync(path, cancellation).ConfigureAwait(false);
        await foreach (var message in EventReader.ReadAsync(stream, settings.Silence, cancellation).ConfigureAwait(false))
            yield return message;
    }
}

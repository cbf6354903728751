using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ActorTrading.Host.Api;

/// <summary>
/// An event that a node sends to its subscribers: its topic, its JSON, and its position in the signal log (null for other topics).
/// </summary>
internal sealed record TailEvent(string Topic, string Data, string? Position);

/// <summary>
/// Reads server-sent events of a node, optionally from a position, until the caller stops. After a broken connection it reconnects, and
/// signals continue after the last received one.
/// </summary>
/// <param name="onBreak">Called with the reason when a connection ends.</param>
internal sealed class EventTail(NodeApi api, string query, Action<string> onBreak)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(5);

    private const string Begun = "subscribed";

    private string? last;

    /// <summary>Reads the events, one by one.</summary>
    /// <exception cref="CommandException">The node does not answer the first attempt, or rejects any attempt.</exception>
    public async IAsyncEnumerable<TailEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var wait = FirstBackOff;
        for (var isFirst = true; ; isFirst = false)
        {
            string why;
            using (var connection = await OpenAsync(isFirst, cancellation))
            {
                while (connection is not null && await connection.NextAsync(cancellation) is { } happened)
                {
                    wait = FirstBackOff;
                    last = happened.Position ?? last;
                    if (happened.Topic == Begun) last ??= LogEnd(happened.Data);
                    else yield return happened;
                }

                why = connection?.Why ?? "no node answers";
            }

            onBreak(string.Create(CultureInfo.InvariantCulture, $"{why}; retry in {wait.TotalSeconds:0.#} s"));
            await Task.Delay(wait, cancellation);
            wait = wait * 2 < MaxBackOff ? wait * 2 : MaxBackOff;
        }
    }

    /// <summary>
    /// The position in the signal log after which the node began to send signals: the requested position, or the end of the log at that
    /// time. Signals that fire while the connection is broken have later positions.
    /// </summary>
    private static string? LogEnd(string data)
    {
        using var begun = JsonDocument.Parse(data);
        return begun.RootElement.TryGetProperty("from", out var from) && from.ValueKind == JsonValueKind.Number ? from.GetRawText()
            : begun.RootElement.TryGetProperty("last", out var end) && end.ValueKind == JsonValueKind.Number ? end.GetRawText()
            : null;
    }

    private async Task<Connection?> OpenAsync(bool isFirst, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "events?" + query);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        try
        {
            var response = await api.OpenAsync(request, cancellation);
            return new Connection(response, new StreamReader(await response.Content.ReadAsStreamAsync(cancellation)));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return isFirst ? throw api.Silent(exception) : null;
        }
        catch (CommandException exception) when (!isFirst && exception.ExitCode == ExitCode.NoNode)
        {
            return null; // the node is starting or stopping
        }
    }

    /// <summary>One connection, read event by event. Format: https://html.spec.whatwg.org/multipage/server-sent-events.html</summary>
    private sealed class Connection(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        /// <summary>Why the connection ended.</summary>
        public string Why { get; private set; } = "the node closed the connection";

        /// <summary>Reads the next event; null when the connection has ended.</summary>
        public async Task<TailEvent?> NextAsync(CancellationToken cancellation)
        {
            var (topic, data, id) = ("message", "", (string?)null);
            try
            {
                while (await reader.ReadLineAsync(cancellation).AsTask().WaitAsync(Silence, cancellation) is { } line)
                {
                    if (line.Length == 0)
                    {
                        if (data.Length > 0) return new TailEvent(topic, data, id);
                        (topic, id) = ("message", null);
                        continue;
                    }

                    var colon = line.IndexOf(':', StringComparison.Ordinal);
                    var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
                    if (value.StartsWith(' ')) value = value[1..];
                    if (field == "event") topic = value;
                    else if (field == "data") data = data.Length == 0 ? value : $"{data}\n{value}";
                    else if (field == "id") id = value;
                }
            }
            catch (TimeoutException)
            {
                Why = $"the node sent nothing for {Silence.TotalSeconds:0} s";
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                Why = exception.Message;
            }

            return null;
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }
    }
}

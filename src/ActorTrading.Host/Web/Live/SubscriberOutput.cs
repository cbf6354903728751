using System.Buffers;
using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// Sends the events of a subscriber, one after the other. A subscriber that takes nothing for too long is ended: <paramref name="over"/> is
/// cancelled. Thread-safe.
/// </summary>
internal sealed class SubscriberOutput(IPush push, WebOptions options, CancellationTokenSource over) : IDisposable
{
    private static readonly TimeSpan LastMessage = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim turn = new(1);
    private readonly ArrayBufferWriter<byte> content = new(1024);

    /// <summary>Sends an event.</summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="place">Its position in the signal log; null for other events.</param>
    /// <param name="write">Writes the members of its JSON object.</param>
    /// <param name="isWhole">Whether <paramref name="write"/> writes the braces, too.</param>
    public async Task SendAsync(string name, long? place, Action<Utf8JsonWriter> write, bool isWhole = false)
    {
        await turn.WaitAsync(over.Token);
        try
        {
            content.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(content, ReadableJson.Options))
            {
                if (!isWhole) json.WriteStartObject();
                write(json);
                if (!isWhole) json.WriteEndObject();
            }

            await SendInTimeAsync(name, place, content.WrittenMemory);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Sends an event whose JSON is written already.</summary>
    public async Task SendAsync(string name, long? place, ReadOnlyMemory<byte> json)
    {
        await turn.WaitAsync(over.Token);
        try
        {
            await SendInTimeAsync(name, place, json);
        }
        finally
        {
            turn.Release();
        }
    }

    private async ValueTask SendInTimeAsync(string name, long? place, ReadOnlyMemory<byte> json)
    {
        var sending = push.SendAsync(name, place, json, over.Token);
        if (sending.IsCompletedSuccessfully) return;
        try
        {
            await sending.AsTask().WaitAsync(options.Timeout, options.Time, over.Token);
        }
        catch (TimeoutException)
        {
            await over.CancelAsync(); // before the turn is released: the message being sent still uses the buffer
            throw new SlowSubscriberException($"The client has read nothing for {options.Timeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>Stops all sending. A message in progress is completed when the client reads it soon enough.</summary>
    public async Task StopAsync()
    {
        var hasTurn = await turn.WaitAsync(LastMessage, CancellationToken.None);
        await over.CancelAsync();
        if (hasTurn) turn.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}

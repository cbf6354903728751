using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Web.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// Watches the states of symbols for the subscribers of this node. Queries the engine once per symbol, for any number of watchers, and not
/// at all without a watcher. Thread-safe.
/// </summary>
internal sealed class StateWatch(Func<IEngine> engine)
{
    /// <summary>Maximum number of symbols that one connection may watch.</summary>
    public const int MostSymbols = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly Lock sync = new();
    private readonly Dictionary<Symbol, Watched> watched = [];

    /// <summary>Number of watched symbols.</summary>
    public int Count
    {
        get
        {
            lock (sync) return watched.Count;
        }
    }

    /// <summary>
    /// Reads the current state of each symbol as JSON, then each changed state, at most four times a second per symbol. For a slow reader,
    /// only the newest state is kept.
    /// </summary>
    public async IAsyncEnumerable<(Symbol Symbol, ReadOnlyMemory<byte> Json)> ReadAsync(
        IReadOnlySet<Symbol> symbols, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = new StateReader();
        try
        {
            foreach (var symbol in symbols) Enter(symbol, reader);
            await foreach (var state in reader.ReadAsync(cancellation)) yield return state;
        }
        finally
        {
            foreach (var symbol in symbols) Leave(symbol, reader);
        }
    }

    private void Enter(Symbol symbol, StateReader reader)
    {
        lock (sync)
        {
            if (watched.TryGetValue(symbol, out var known))
            {
                known.Readers.Add(reader);
                if (known.Last is { } last) reader.Offer(symbol, last);
                return;
            }

            watched.Add(symbol, known = new Watched { Readers = { reader } });
            _ = FollowAsync(symbol, known);
        }
    }

    private void Leave(Symbol symbol, StateReader reader)
    {
        Watched? known;
        lock (sync)
        {
            if (!watched.TryGetValue(symbol, out known) || !known.Readers.Remove(reader) || known.Readers.Count > 0) return;
            watched.Remove(symbol);
        }

        known.Over.Cancel();
    }

    /// <summary>Passes the states of a symbol to its watchers, until it has no watcher or the engine stops.</summary>
    private async Task FollowAsync(Symbol symbol, Watched known)
    {
        await Task.Yield(); // leave the lock of the caller
        Exception? end = null;
        try
        {
            await foreach (var state in engine().StatesAsync(symbol, Interval, known.Over.Token)) Publish(symbol, known, Write(state));
        }
        catch (OperationCanceledException) when (known.Over.IsCancellationRequested)
        {
            // The symbol has no watcher any more.
        }
        catch (Exception exception)
        {
            end = exception;
        }

        lock (sync)
        {
            if (watched.GetValueOrDefault(symbol) == known) watched.Remove(symbol);
            foreach (var reader in known.Readers) reader.End(end);
        }
    }

    private void Publish(Symbol symbol, Watched known, ReadOnlyMemory<byte> json)
    {
        lock (sync)
        {
            known.Last = json;
            foreach (var reader in known.Readers) reader.Offer(symbol, json);
        }
    }

    private static ReadOnlyMemory<byte> Write(SymbolState state)
    {
        var content = new ArrayBufferWriter<byte>(2_048);
        using var json = new Utf8JsonWriter(content, ReadableJson.Options);
        json.WriteStartObject();
        StateJson.Write(json, state);
        json.WriteEndObject();
        json.Flush();
        return content.WrittenMemory;
    }

    private sealed class Watched
    {
        public HashSet<StateReader> Readers { get; } = [];

        public CancellationTokenSource Over { get; } = new();

        public ReadOnlyMemory<byte>? Last { get; set; }
    }
}

using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.History;

/// <summary>
/// Cache of symbol states that queries have folded, for one plan: a later query starts from the nearest one instead of the first event. In
/// memory only; the least recently used states are removed first. Thread-safe.
/// </summary>
/// <param name="mostBytes">Maximum total size in bytes.</param>
internal sealed class Waypoints(long mostBytes = Waypoints.DefaultBytes)
{
    /// <summary>Number of records between two waypoints.</summary>
    public const int Spacing = 65_536;

    private const long DefaultBytes = 32L << 20;

    private readonly Lock sync = new();
    private readonly Dictionary<Symbol, SortedList<long, LinkedListNode<Waypoint>>> symbols = [];
    private readonly LinkedList<Waypoint> used = []; // the most recently used one is the last
    private readonly StateWriter writer = new();
    private long bytes;

    /// <summary>Stores the state of a symbol at its last event.</summary>
    public void Add(HostedSymbol hosted)
    {
        lock (sync)
        {
            if (!symbols.TryGetValue(hosted.Symbol, out var known)) symbols.Add(hosted.Symbol, known = []);
            if (known.ContainsKey(hosted.LastFolded)) return;
            writer.Clear();
            hosted.State.Write(writer);
            var added = new Waypoint(hosted.Symbol, hosted.LastFolded, hosted.State.Ohlcv.LastTime, writer.Written.ToArray());
            known.Add(added.Event, used.AddLast(added));
            for (bytes += added.Bytes; bytes > mostBytes; Drop(used.First!.Value))
            {
            }
        }
    }

    /// <summary>The newest waypoint of a symbol that covers no event after that one; null if there is none.</summary>
    public Waypoint? FindAtMost(Symbol symbol, long sequenceNumber) => Find(symbol, waypoint => waypoint.Event <= sequenceNumber);

    /// <summary>The newest waypoint of a symbol that covers only prices with timestamps before a moment.</summary>
    public Waypoint? FindBefore(Symbol symbol, Timestamp time) => Find(symbol, waypoint => waypoint.LastTime < time);

    /// <summary>
    /// The last waypoint of a symbol for which a condition holds. If the condition holds for a waypoint, it must hold for all earlier ones.
    /// </summary>
    private Waypoint? Find(Symbol symbol, Func<Waypoint, bool> holds)
    {
        lock (sync)
        {
            if (!symbols.TryGetValue(symbol, out var known)) return null;
            var (low, high) = (0, known.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (holds(known.GetValueAtIndex(middle).Value)) low = middle + 1;
                else high = middle;
            }

            if (low == 0) return null;
            var found = known.GetValueAtIndex(low - 1);
            used.Remove(found);
            used.AddLast(found);
            return found.Value;
        }
    }

    private void Drop(Waypoint waypoint)
    {
        used.RemoveFirst();
        bytes -= waypoint.Bytes;
        var known = symbols[waypoint.Symbol];
        known.Remove(waypoint.Event);
        if (known.Count == 0) symbols.Remove(waypoint.Symbol);
    }
}

/// <summary>The state of a symbol after an event, with the latest timestamp of its prices.</summary>
internal sealed record Waypoint(Symbol Symbol, long Event, Timestamp LastTime, byte[] State)
{
    private const int Overhead = 256;

    /// <summary>Size in memory, in bytes.</summary>
    public long Bytes => State.Length + Overhead;

    /// <summary>Restores the symbol to this state.</summary>
    public void Restore(HostedSymbol hosted)
    {
        hosted.State = SymbolState.Read(State, hosted.State.Plan);
        hosted.LastEvent = hosted.LastFolded = Event;
    }
}

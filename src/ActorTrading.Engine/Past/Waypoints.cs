using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Past;

/// <summary>
/// States of symbols that queries have folded, by one plan: a later query begins at the nearest of them instead of at
/// the first event. In memory only; those that were not used for longest go first. Safe for any number of threads.
/// </summary>
/// <param name="mostBytes">What all of them together may take.</param>
internal sealed class Waypoints(long mostBytes = Waypoints.DefaultBytes)
{
    /// <summary>Records between two of them.</summary>
    public const int Spacing = 65_536;

    private const long DefaultBytes = 32L << 20;

    private readonly Lock sync = new();
    private readonly Dictionary<Symbol, SortedList<long, LinkedListNode<Waypoint>>> symbols = [];
    private readonly LinkedList<Waypoint> used = []; // the one that was used last is the last
    private readonly StateWriter writer = new();
    private long bytes;

    /// <summary>Keeps the state of a symbol at its last event.</summary>
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

    /// <summary>The newest of a symbol that covers no event after that one; null if there is none.</summary>
    public Waypoint? FindAtMost(Symbol symbol, long sequenceNumber) => Find(symbol, waypoint => waypoint.Event <= sequenceNumber);

    /// <summary>The newest of a symbol that covers only prices stamped before a moment.</summary>
    public Waypoint? FindBefore(Symbol symbol, Timestamp time) => Find(symbol, waypoint => waypoint.LastTime < time);

    /// <summary>The last of a symbol's for which something holds that holds for all before it, too.</summary>
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

/// <summary>A symbol as an event left it, with the latest stamp of its prices.</summary>
internal sealed record Waypoint(Symbol Symbol, long Event, Timestamp LastTime, byte[] State)
{
    private const int Overhead = 256;

    /// <summary>What it takes in memory.</summary>
    public long Bytes => State.Length + Overhead;

    /// <summary>Brings the symbol to it.</summary>
    public void Restore(HostedSymbol hosted)
    {
        hosted.State = SymbolState.Read(State, hosted.State.Plan);
        hosted.LastEvent = hosted.LastFolded = Event;
    }
}

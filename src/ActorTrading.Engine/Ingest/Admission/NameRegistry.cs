using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>
/// The names that a node knows (symbols, sources, economic indicators), with limits for new ones. A batch reserves a place for each new
/// name. The place is kept if a record with the name is accepted, and released otherwise: refused records take no place. Look-ups take no
/// lock. Thread-safe.
/// </summary>
internal sealed class NameRegistry<T>
    where T : class
{
    private readonly ConcurrentDictionary<T, NamePlace<T>> places = [];
    private readonly Dictionary<Source, int> bySource = [];
    private readonly Dictionary<string, int> byCaller = [];
    private readonly Lock gate = new();
    private int count; // number of places: counting a concurrent dictionary is slow
    private int known;
    private long reading;

    /// <summary>Number of known names.</summary>
    public int Known => Volatile.Read(ref known);

    /// <summary>Whether a record with that name was accepted.</summary>
    public bool Knows(T name) => places.TryGetValue(name, out var place) && place.IsKnown;

    /// <summary>
    /// Reserves a place for a name and adds it to <paramref name="held"/>, unless the name is known or a limit is reached.
    /// </summary>
    public NameVerdict Hold(T name, NameOpener opener, in NameLimits limits, List<NamePlace<T>> held)
    {
        lock (gate)
        {
            if (!places.TryGetValue(name, out var place))
            {
                if (count >= limits.InAll) return NameVerdict.TooManyInAll;
                if (bySource.GetValueOrDefault(opener.Source) >= limits.PerSource) return NameVerdict.TooManyOfSource;
                if (opener.Caller is { } caller && byCaller.GetValueOrDefault(caller) >= limits.PerCaller)
                    return NameVerdict.TooManyOfCaller;
                place = Add(name, opener);
            }

            if (place.IsKnown) return NameVerdict.Known;
            place.Holders++;
            held.Add(place);
            return NameVerdict.Held;
        }
    }

    /// <summary>Marks the name as known: a record with it was accepted.</summary>
    public void Confirm(T name)
    {
        if (!places.TryGetValue(name, out var place) || place.IsKnown) return;
        lock (gate)
        {
            if (places.TryGetValue(name, out place)) MakeKnown(place);
        }
    }

    /// <summary>Called when a batch is over. Releases places of unknown names that no other batch holds.</summary>
    public void Release(List<NamePlace<T>> held)
    {
        if (held.Count == 0) return;
        lock (gate)
        {
            foreach (var place in held)
            {
                if (--place.Holders == 0 && !place.IsKnown) Remove(place);
            }
        }

        held.Clear();
    }

    /// <summary>Starts a reading of the engine's names. Returns its number.</summary>
    public long BeginReading()
    {
        lock (gate) return ++reading;
    }

    /// <summary>
    /// Completes a reading with the names that the engine has. Names that became known before the reading started, and are not among them,
    /// were deleted.
    /// </summary>
    /// <returns>Whether there were deleted names.</returns>
    public bool EndReading(IReadOnlyCollection<T> names, long number)
    {
        lock (gate)
        {
            foreach (var name in names) MakeKnown(PlaceOf(name));
            if (known == names.Count) return false;
            var found = new HashSet<T>(names);
            var gone = places.Values.Where(place => place.IsKnown && place.Reading < number && !found.Contains(place.Name)).ToList();
            foreach (var place in gone) Remove(place);
            return gone.Count > 0;
        }
    }

    /// <summary>Marks the engine's names as known.</summary>
    public void Learn(IEnumerable<T> names)
    {
        lock (gate)
        {
            foreach (var name in names) MakeKnown(PlaceOf(name));
        }
    }

    private NamePlace<T> PlaceOf(T name) => places.TryGetValue(name, out var place) ? place : Add(name, null);

    private NamePlace<T> Add(T name, NameOpener? opener)
    {
        var place = new NamePlace<T>(name, opener);
        places[name] = place;
        Volatile.Write(ref count, count + 1);
        if (opener is not { } who) return place;
        CollectionsMarshal.GetValueRefOrAddDefault(bySource, who.Source, out _)++;
        if (who.Caller is { } caller) CollectionsMarshal.GetValueRefOrAddDefault(byCaller, caller, out _)++;
        return place;
    }

    private void MakeKnown(NamePlace<T> place)
    {
        place.Reading = reading;
        if (place.IsKnown) return;
        place.IsKnown = true;
        Volatile.Write(ref known, known + 1);
    }

    private void Remove(NamePlace<T> place)
    {
        if (!places.TryRemove(place.Name, out _)) return;
        Volatile.Write(ref count, count - 1);
        if (place.IsKnown) Volatile.Write(ref known, known - 1);
        if (place.Opener is not { } who) return;
        CountDown(bySource, who.Source);
        if (who.Caller is { } caller) CountDown(byCaller, caller);
    }

    /// <summary>Decrements a count. Entries of 0 are removed, so that these tables are no larger than the table of names.</summary>
    private static void CountDown<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull
    {
        if (--CollectionsMarshal.GetValueRefOrNullRef(counts, key) == 0) counts.Remove(key);
    }
}

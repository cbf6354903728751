using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Names;

/// <summary>
/// The names that a node knows (symbols, sources, economic indicators), with limits for new ones. A batch holds a place
/// for each name that it brings; the place stays if one of the name's records is accepted, and is free again otherwise.
/// So refused records take no place. Looking up takes no lock. Safe for any number of threads.
/// </summary>
internal sealed class NameRegistry<T>
    where T : class
{
    private readonly ConcurrentDictionary<T, NamePlace<T>> places = [];
    private readonly Dictionary<Source, int> bySource = [];
    private readonly Dictionary<string, int> byCaller = [];
    private readonly Lock gate = new();
    private int count; // of places: a concurrent dictionary is slow to count
    private int known;
    private long reading;

    /// <summary>How many names are known.</summary>
    public int Known => Volatile.Read(ref known);

    /// <summary>Whether a record of that name was accepted.</summary>
    public bool Knows(T name) => places.TryGetValue(name, out var place) && place.IsKnown;

    /// <summary>Holds a place for a name, which is added to <paramref name="held"/>, unless it is known or there are too many.</summary>
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

    /// <summary>A record of that name was accepted.</summary>
    public void Confirm(T name)
    {
        if (!places.TryGetValue(name, out var place) || place.IsKnown) return;
        lock (gate)
        {
            if (places.TryGetValue(name, out place)) MakeKnown(place);
        }
    }

    /// <summary>A batch is over: places of names that are not known and that no other batch holds are free again.</summary>
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

    /// <summary>Begins a reading of the names that the engine has. Returns its number.</summary>
    public long BeginReading()
    {
        lock (gate) return ++reading;
    }

    /// <summary>
    /// These are the names that the engine has. Names that became known before the reading began, and are not among them, were deleted.
    /// </summary>
    /// <returns>Whether there were such.</returns>
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

    /// <summary>The engine has these names.</summary>
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

    /// <summary>An opener without names has no entry, so that these tables are no larger than that of the names.</summary>
    private static void CountDown<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull
    {
        if (--CollectionsMarshal.GetValueRefOrNullRef(counts, key) == 0) counts.Remove(key);
    }
}

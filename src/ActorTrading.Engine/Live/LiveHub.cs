using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Live;

/// <summary>
/// Publishes live events to readers. Publishing never waits. Its cost depends on the number of readers of that symbol and topic, not on the
/// number of all readers. Thread-safe.
/// </summary>
internal sealed class LiveHub
{
    private readonly Lock sync = new();
    private readonly HashSet<LiveReader> readers = [];
    private LiveIndex index = LiveIndex.Empty;
    private LiveIndex wantedBy = LiveIndex.Empty; // the index from which the cached filter below was made
    private LiveFilter? wanted;
    private Exception? end;
    private bool isOver;

    /// <summary>Union of the filters of the local readers; null if there are none. It may include more than they want.</summary>
    public LiveFilter? Wanted
    {
        get
        {
            lock (sync)
            {
                if (wantedBy != index) wanted = Union(readers.Where(reader => !reader.IsRelay && !reader.Scope.IsNone).ToList());
                wantedBy = index;
                return wanted;
            }
        }
    }

    /// <param name="filter">The events that the reader wants.</param>
    /// <param name="capacity">Maximum number of unread events.</param>
    /// <param name="isRelay">Whether it relays to another node: it then receives no events that came from other nodes.</param>
    public LiveReader Subscribe(LiveFilter filter, int capacity, bool isRelay = false)
    {
        var reader = new LiveReader(filter, capacity) { IsRelay = isRelay };
        lock (sync)
        {
            if (isOver)
            {
                reader.End(end);
                return reader;
            }

            readers.Add(reader);
            Volatile.Write(ref index, index.With(reader, reader.Scope = filter.Now));
        }

        if (filter.Scope is not { } scope) return reader;
        scope.Follow(reader.OnScopeChanged = () => Change(reader, reader.Filter));
        Change(reader, reader.Filter); // the scope may have changed in between
        return reader;
    }

    /// <summary>
    /// Replaces the filter of a reader, or updates the index after the scope of its filter has changed. Events that the reader wanted
    /// before and still wants are delivered exactly once.
    /// </summary>
    public void Change(LiveReader reader, LiveFilter filter)
    {
        lock (sync)
        {
            if (!readers.Contains(reader)) return;
            var now = filter.Now;
            if (filter == reader.Filter && reader.Scope.IsAll && now.IsAll) return;
            var others = index.Without(reader, reader.Scope);
            reader.Filter = filter;
            Volatile.Write(ref index, others.With(reader, reader.Scope = now));
        }
    }

    /// <summary>Live events for one reader until it leaves: from this call on, not only from the first read.</summary>
    public IAsyncEnumerable<LiveEvent> ReadAsync(LiveFilter filter, int capacity, CancellationToken cancellation)
    {
        var reader = Subscribe(filter, capacity);
        cancellation.Register(() => Unsubscribe(reader)); // also if the first event is never read
        return FollowAsync();

        async IAsyncEnumerable<LiveEvent> FollowAsync()
        {
            try
            {
                await foreach (var happened in reader.ReadAsync(cancellation).ConfigureAwait(false)) yield return happened;
            }
            finally
            {
                Unsubscribe(reader);
            }
        }
    }

    public void Unsubscribe(LiveReader reader)
    {
        if (reader.OnScopeChanged is { } follower) reader.Filter.Scope?.Leave(follower);
        lock (sync)
        {
            if (readers.Remove(reader)) Volatile.Write(ref index, index.Without(reader, reader.Scope));
        }
    }

    public bool WantsBars(Symbol symbol, Frame frame)
    {
        foreach (var reader in Of(symbol, LiveTopic.Bars))
        {
            if (reader.WantsBars(frame)) return true;
        }

        return false;
    }

    public bool WantsLate(Symbol symbol) => Of(symbol, LiveTopic.Late).MoveNext();

    public bool WantsTicks(Symbol symbol) => Of(symbol, LiveTopic.Ticks).MoveNext();

    public void Publish(LiveEvent happened) => Publish(happened, cameFromElsewhere: false);

    public void Publish(LiveEvent happened, bool cameFromElsewhere)
    {
        if (happened.Bar is { } bar)
        {
            foreach (var reader in Of(bar.Symbol, LiveTopic.Bars))
            {
                if (reader.WantsBars(bar.Frame)) Offer(reader);
            }
        }
        else if (happened.Late is { } late)
        {
            foreach (var reader in Of(late.Symbol, LiveTopic.Late)) Offer(reader);
        }
        else
        {
            foreach (var reader in Of(happened.Tick!.Value.Symbol, LiveTopic.Ticks)) Offer(reader);
        }

        void Offer(LiveReader reader)
        {
            if (!cameFromElsewhere || !reader.IsRelay) reader.Offer(happened);
        }
    }

    /// <summary>Ends all streams: no more events will come.</summary>
    public void End(Exception? cause = null)
    {
        LiveReader[] all;
        lock (sync)
        {
            if (isOver) return;
            (isOver, end) = (true, cause);
            all = [.. readers];
        }

        foreach (var reader in all) reader.End(cause);
    }

    private LiveIndex.Readers Of(Symbol symbol, LiveTopic topic) => Volatile.Read(ref index).Of(symbol, topic);

    private static LiveFilter? Union(List<LiveReader> all)
    {
        if (all.Count == 0) return null;
        var bars = all.Where(reader => reader.Filter.Bars).ToList();
        return new LiveFilter(
            all.Exists(reader => reader.Scope.Beginnings.Count > 0) ? null : all.SelectMany(reader => reader.Scope.Named).ToHashSet(),
            bars.Exists(reader => reader.Filter.Frames is null) ? null : bars.SelectMany(reader => reader.Filter.Frames!).ToHashSet(),
            bars.Count > 0, all.Exists(reader => reader.Filter.Late), all.Exists(reader => reader.Filter.Ticks));
    }
}

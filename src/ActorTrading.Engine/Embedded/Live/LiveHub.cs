using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Embedded.Live;

/// <summary>Hands what happens to those who look on. Publishing never waits. Safe for any number of threads.</summary>
internal sealed class LiveHub
{
    private readonly Lock sync = new();
    private LiveReader[] readers = [];
    private Exception? end;
    private bool isOver;

    /// <summary>What those who look on here want to see; null when nobody does.</summary>
    public LiveFilter? Wanted
    {
        get
        {
            LiveFilter? all = null;
            foreach (var reader in Volatile.Read(ref readers))
            {
                if (!reader.IsRelay) all = all is null ? reader.Filter : LiveReader.Either(all, reader.Filter);
            }

            return all;
        }
    }

    /// <param name="isRelay">For somebody elsewhere, who is not told what came from elsewhere.</param>
    public LiveReader Subscribe(LiveFilter filter, int capacity, bool isRelay = false)
    {
        var reader = new LiveReader(filter, capacity) { IsRelay = isRelay };
        lock (sync)
        {
            if (isOver) reader.End(end);
            else readers = [.. readers, reader];
        }

        return reader;
    }

    /// <summary>What happens from this call on, not only from when the first event is asked for, for one reader, until that leaves.</summary>
    public IAsyncEnumerable<LiveEvent> ReadAsync(LiveFilter filter, int capacity, CancellationToken cancellation)
    {
        var reader = Subscribe(filter, capacity);
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
        lock (sync) readers = [.. readers.Where(other => other != reader)];
    }

    public bool WantsBars(Symbol symbol, Frame frame)
    {
        foreach (var reader in Volatile.Read(ref readers))
        {
            if (reader.WantsBars(symbol, frame)) return true;
        }

        return false;
    }

    public bool WantsLate(Symbol symbol)
    {
        foreach (var reader in Volatile.Read(ref readers))
        {
            if (reader.WantsLate(symbol)) return true;
        }

        return false;
    }

    public bool WantsTicks(Symbol symbol)
    {
        foreach (var reader in Volatile.Read(ref readers))
        {
            if (reader.WantsTicks(symbol)) return true;
        }

        return false;
    }

    public void Publish(LiveEvent happened) => Publish(happened, cameFromElsewhere: false);

    public void Publish(LiveEvent happened, bool cameFromElsewhere)
    {
        foreach (var reader in Volatile.Read(ref readers))
        {
            if ((!cameFromElsewhere || !reader.IsRelay) && reader.Wants(happened)) reader.Offer(happened);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void End(Exception? cause = null)
    {
        LiveReader[] all;
        lock (sync)
        {
            if (isOver) return;
            (isOver, end) = (true, cause);
            all = readers;
        }

        foreach (var reader in all) reader.End(cause);
    }
}

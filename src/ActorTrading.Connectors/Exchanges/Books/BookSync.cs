using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Books;

/// <summary>State of a book after an update.</summary>
internal enum BookVerdict
{
    /// <summary>It is up to date.</summary>
    UpToDate,

    /// <summary>The update is queued for the snapshot, or contains nothing new.</summary>
    Waiting,

    /// <summary>There is no snapshot yet: one is needed.</summary>
    NeedsSnapshot,

    /// <summary>The sequence is broken: a new snapshot is needed.</summary>
    Broken,
}

/// <summary>
/// Synchronises the book of a symbol with the exchange: a snapshot, then every update in order. Checked by the numbers of updates, or by
/// the exchange's checksum if there is one. Not thread-safe.
/// </summary>
/// <param name="isNumbered">Whether updates have numbers without gaps, and snapshots are requested.</param>
/// <param name="exchangeDepth">Number of levels for which the exchange sends updates; null for all.</param>
internal sealed class BookSync(int depth, bool isNumbered, int? exchangeDepth)
{
    private const int MaxWaiting = 10_000;

    private readonly OrderBook book = new(depth);
    private readonly Queue<BookItem> waiting = [];
    private bool isSynced;
    private bool isAsked;
    private long last;

    /// <summary>Notes that updates may be missing: a new snapshot is needed.</summary>
    public void Lose()
    {
        (isSynced, isAsked) = (false, false);
        waiting.Clear();
    }

    /// <summary>Notes that the requested snapshot did not arrive.</summary>
    public void Fail() => isAsked = false;

    /// <summary>Applies a snapshot or an update; changes of the published levels are added to the list.</summary>
    public BookVerdict Take(BookItem item, List<BookChange> changes)
    {
        if (item.IsSnapshot) return TakeSnapshot(item, changes);
        if (!isSynced) return isNumbered ? Wait(item) : BookVerdict.Waiting;
        if (!TryApply(item)) return isNumbered ? Break(item) : Break(null);
        changes.AddRange(book.Changes());
        return BookVerdict.UpToDate;
    }

    private BookVerdict TakeSnapshot(BookItem snapshot, List<BookChange> changes)
    {
        while (waiting.TryPeek(out var old) && old.Last <= snapshot.Last) waiting.Dequeue();
        if (isNumbered && waiting.TryPeek(out var first) && first.First > snapshot.Last + 1)
        {
            isAsked = true;
            return BookVerdict.NeedsSnapshot; // older than the first queued update
        }

        book.Reset(snapshot);
        (isSynced, isAsked, last) = (true, false, snapshot.Last);
        if (!IsChecked(snapshot)) return Break(null);
        while (waiting.TryDequeue(out var update))
        {
            if (!TryApply(update)) return Break(update);
        }

        changes.AddRange(book.Changes());
        return BookVerdict.UpToDate;
    }

    private bool TryApply(BookItem update)
    {
        if (isNumbered && update.Last <= last) return true;
        if (isNumbered && update.First > last + 1) return false;
        book.Apply(update);
        if (exchangeDepth is { } levels) book.Truncate(levels);
        last = update.Last;
        return IsChecked(update);
    }

    private bool IsChecked(BookItem item) => item.Checksum is not { } sum || sum == book.ChecksumOfKraken();

    private BookVerdict Wait(BookItem item)
    {
        if (waiting.Count == MaxWaiting) waiting.Dequeue();
        waiting.Enqueue(item);
        if (isAsked) return BookVerdict.Waiting;
        isAsked = true;
        return BookVerdict.NeedsSnapshot;
    }

    private BookVerdict Break(BookItem? update)
    {
        Lose();
        if (update is not null) waiting.Enqueue(update);
        isAsked = true;
        return BookVerdict.Broken;
    }
}

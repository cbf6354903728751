using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.History;

/// <summary>Reads accepted records from the journal, in pages that bound its memory. For one reader.</summary>
/// <param name="settling">See <see cref="SettledPosition"/>.</param>
internal sealed class RecordReader(IJournalStore store, long afterPosition, TimeSpan settling = default)
{
    private const int PageRecords = 8_192;
    private const int PageEvents = 1_024;

    private readonly SettledPosition place = new(afterPosition, settling);
    private readonly EventDecoder decoder = new();

    /// <summary>The records of the last page.</summary>
    public List<JournaledRecords> Page { get; } = [];

    /// <summary>All records up to the end of the journal, then new ones, until there are no more commits.</summary>
    /// <param name="committed">Signals commits.</param>
    /// <param name="look">
    /// Polling interval for reading without a commit, because other processes may write to the journal; infinite for never.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RecoveryException">An event is damaged.</exception>
    public IAsyncEnumerable<JournaledRecords> FollowAsync(CommitPulse committed, TimeSpan look, CancellationToken cancellation) =>
        committed.FollowAsync(ReadPageAsync, Page, look, cancellation);

    /// <summary>Reads the next page; false at the end of the journal.</summary>
    /// <exception cref="RecoveryException">An event is damaged.</exception>
    public Task<bool> ReadPageAsync(CancellationToken cancellation) =>
        ReadingThreads.OfQueries.RunAsync(() => ReadPage(cancellation), cancellation);

    private bool ReadPage(CancellationToken cancellation)
    {
        Page.Clear();
        var records = 0;
        RecoveryException? failure = null;
        place.Begin();
        store.ReadAll(place.Last, (in JournalRow row) =>
        {
            if (!place.TryMoveTo(row)) return false;
            if (PersistenceIds.SymbolOf(row.PersistenceId) is { } symbol && row.SerializerId == EventManifests.SerializerId)
            {
                if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
                    failure = new(row.PersistenceId, row.SequenceNumber, error.ToString());
                else if (!happened.Symbol.Equals(symbol))
                    failure = new(row.PersistenceId, row.SequenceNumber, $"it belongs to {happened.Symbol}");
                else if (happened.Deleted is null)
                    Page.Add(Of(row, happened));
                records += happened.Records.Length;
            }

            return failure is null && Page.Count < PageEvents && records < PageRecords && !cancellation.IsCancellationRequested;
        });
        cancellation.ThrowIfCancellationRequested();
        return failure is null ? Page.Count > 0 : throw failure;
    }

    private static JournaledRecords Of(in JournalRow row, in DecodedEvent happened) =>
        new(
            row.Ordering, happened.Symbol, row.SequenceNumber, happened.Records.ToArray(),
            happened.IsClockAdvanced ? happened.Clock : null);
}

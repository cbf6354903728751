using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.History;

/// <summary>Handles a past record; returning false ends the reading.</summary>
public delegate bool HistoryRecordHandler(in Record record);

/// <summary>
/// Reads the accepted records of one symbol from the journal, in the order of acceptance, without excluded ones. For one reader.
/// </summary>
internal sealed class RecordHistory(IJournalStore store, Symbol symbol, Exclusions? exclusions) : IDisposable
{
    private const int EventsBack = 64;

    private readonly string id = PersistenceIds.Of(symbol);
    private readonly EventDecoder decoder = new();

    /// <summary>Passes every record to the handler, in the order of acceptance.</summary>
    /// <exception cref="RecoveryException">An event is damaged.</exception>
    public void Read(HistoryRecordHandler handler, CancellationToken cancellation) => Read(1, long.MaxValue, handler, cancellation);

    /// <summary>The last records with timestamps in [from, to), at most <paramref name="limit"/>, in the order of acceptance.</summary>
    /// <exception cref="RecoveryException">An event is damaged.</exception>
    public List<Record> Newest(Timestamp from, Timestamp to, int limit, CancellationToken cancellation)
    {
        var blocks = new Stack<List<Record>>();
        var found = 0;
        for (var last = store.HighestSequenceNumber(id); last > 0 && found < limit; last -= EventsBack)
        {
            var block = new List<Record>();
            Read(Math.Max(1, last - EventsBack + 1), last, Keep, cancellation);
            blocks.Push(block);
            found += block.Count;

            bool Keep(in Record record)
            {
                if (record.Time >= from && record.Time < to) block.Add(record);
                return true;
            }
        }

        return [.. blocks.SelectMany(block => block).TakeLast(limit)];
    }

    /// <inheritdoc/>
    public void Dispose() => decoder.Dispose();

    private void Read(long first, long last, HistoryRecordHandler handler, CancellationToken cancellation)
    {
        RecoveryException? failure = null;
        store.Read(id, first, last, (in JournalRow row) =>
        {
            if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
            {
                failure = new RecoveryException(id, row.SequenceNumber, error.ToString());
                return false;
            }

            foreach (ref readonly var record in happened.Records)
            {
                if (exclusions?.Cover(row.SequenceNumber, record) != true && !handler(record)) return false;
            }

            return !cancellation.IsCancellationRequested;
        });
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null) throw failure;
    }
}

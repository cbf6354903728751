using System.Collections.Immutable;
using ActorTrading.Cluster.Messages;
using ActorTrading.Engine.Journal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace ActorTrading.Cluster.Journal;

/// <summary>
/// The journal of Akka.Persistence.Sql, with a write path of its own for SQLite: our events go by <see cref="GroupCommit"/>, in
/// prepared statements on a connection that stays open. The plugin opens a connection for each commit and writes payloads as SQL
/// text. Same tables and rows. Replay, deletions and events that are not ours are the plugin's.
/// </summary>
internal sealed class SqliteGroupJournal : SqlWriteJournal
{
    private readonly IJournalStore store;
    private readonly GroupCommit writes;
    private bool hasOthers; // events that the plugin wrote

    /// <summary>Started by Akka.Persistence, which passes the settings of the plugin.</summary>
    public SqliteGroupJournal(Config config)
        : base(config)
    {
        store = Context.System.Settings.Setup.Get<StoreSetup>().Value.Store;
        writes = new GroupCommit(store);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// An actor that restarts must not read the number before its last write has ended: it would use the number twice. The store
    /// answers without a query being compiled, which the plugin does for each symbol that comes to life.
    /// </remarks>
    public override async Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        await writes.SettledAsync(persistenceId).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        return hasOthers
            ? await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken).ConfigureAwait(false)
            : store.HighestSequenceNumber(persistenceId);
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var batch = messages as IReadOnlyCollection<AtomicWrite> ?? [.. messages];
        if (EntriesOf(batch) is { } entries) return WriteAsync(entries);
        hasOthers = true;
        return base.WriteMessagesAsync(batch, cancellationToken);
    }

    protected override void PostStop()
    {
        writes.Dispose();
        base.PostStop();
    }

    private async Task<IImmutableList<Exception>> WriteAsync(JournalEntry[] entries)
    {
        await writes.WriteAsync(entries).ConfigureAwait(false);
        return null!; // by the contract of Akka.Persistence: nothing was rejected
    }

    /// <summary>The rows of a batch; null where not all of its events are ours.</summary>
    private static JournalEntry[]? EntriesOf(IReadOnlyCollection<AtomicWrite> batch)
    {
        var entries = new JournalEntry[batch.Sum(static write => write.Size)];
        var at = 0;
        foreach (var write in batch)
        {
            foreach (var happened in (IEnumerable<IPersistentRepresentation>)write.Payload)
            {
                if (happened.Payload is not JournaledBytes ours) return null;
                entries[at++] = new JournalEntry(happened.PersistenceId, happened.SequenceNr, ours.Manifest, ours.Payload);
            }
        }

        return entries;
    }

    /// <summary>Passes the node's open journal to the plugin.</summary>
    internal sealed class StoreSetup(IJournalStore store) : Setup
    {
        public IJournalStore Store => store;
    }
}

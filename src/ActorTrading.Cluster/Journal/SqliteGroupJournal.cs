using System.Collections.Immutable;
using ActorTrading.Cluster.Messages;
using ActorTrading.Engine.Journal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace ActorTrading.Cluster.Journal;

/// <summary>
/// Journal of Akka.Persistence.Sql with a separate write path for SQLite: our events are written by <see cref="GroupCommit"/>, with
/// prepared statements on an open connection. The plugin opens a connection for each commit and writes payloads as SQL text. Tables
/// and rows are the same. The plugin still replays, deletes, and writes other events.
/// </summary>
internal sealed class SqliteGroupJournal : SqlWriteJournal
{
    private readonly IJournalStore store;
    private readonly GroupCommit writes;
    private bool hasOthers; // whether the plugin wrote events

    /// <summary>Called by Akka.Persistence with the settings of the plugin.</summary>
    public SqliteGroupJournal(Config config)
        : base(config)
    {
        store = Context.System.Settings.Setup.Get<StoreSetup>().Value.Store;
        writes = new GroupCommit(store);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A restarting actor must not read the number before its last write has completed: it would use the number twice. The store
    /// answers without compiling a query. The plugin compiles one for each starting symbol.
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
        return null!; // contract of Akka.Persistence: null means that nothing was rejected
    }

    /// <summary>The rows of a batch; null if it contains other events than ours.</summary>
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

    /// <summary>Passes the node's open journal store to the plugin.</summary>
    internal sealed class StoreSetup(IJournalStore store) : Setup
    {
        public IJournalStore Store => store;
    }
}

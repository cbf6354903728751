using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Deletes snapshots and events that newer snapshots make superfluous, in batches. The engine does not depend on its success: failed
/// deletions are tried again with the next batch. Used on the journal's thread only.
/// </summary>
internal sealed class Retention(IJournalStore store, EmbeddedOptions options)
{
    private const int DueAtOnce = 1_024;

    private readonly TimeSpan keep = TimeSpan.FromDays(options.KeepDays ?? 0); // minimum age of events to delete

    private readonly Dictionary<string, JournalDeletion> due = [];
    private int added;
    private JournalException? failure;

    /// <summary>Why the last deletion failed; null if it succeeded. Thread-safe.</summary>
    public JournalException? Failure => Volatile.Read(ref failure);

    /// <summary>
    /// Adds deletions that are allowed after the commit that brought them. A later deletion of an id includes the earlier ones.
    /// </summary>
    public void Add(List<JournalDeletion> deletions)
    {
        foreach (var deletion in deletions) due[deletion.PersistenceId] = deletion;
        added += deletions.Count;
    }

    /// <summary>Discards the pending deletions: the snapshots that they rely on are no longer valid. On the journal's thread.</summary>
    public void Forget()
    {
        due.Clear();
        added = 0;
    }

    /// <summary>Deletes if enough deletions are pending.</summary>
    public void RunIfDue()
    {
        if (added >= DueAtOnce) Run();
    }

    /// <summary>Executes the pending deletions.</summary>
    public void Run()
    {
        added = 0; // after a failure, wait for as many again
        if (due.Count == 0) return;
        try
        {
            store.Delete([.. due.Values.Select(Aged)]);
            due.Clear();
            if (failure is not null) Note(null);
        }
        catch (JournalException e)
        {
            options.Meter?.DeletionFailed();
            Note(e);
        }
    }

    private void Note(JournalException? outcome)
    {
        Volatile.Write(ref failure, outcome);
        options.OnRetention?.Invoke(outcome);
    }

    /// <summary>Reduces a deletion to events that are old enough.</summary>
    private JournalDeletion Aged(JournalDeletion deletion)
    {
        if (deletion.EventsUpTo == 0 || keep == TimeSpan.Zero) return deletion;
        var before = (options.Clock.GetUtcNow() - keep).UtcTicks;
        var upTo = 0L;
        store.Read(deletion.PersistenceId, 1, deletion.EventsUpTo, (in JournalRow row) =>
        {
            if (row.CreatedTicks >= before) return false;
            upTo = row.SequenceNumber;
            return true;
        });
        return deletion with { EventsUpTo = upTo };
    }
}

using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Deletes what newer snapshots have made superfluous, when enough has come together. Nothing depends on its success: what fails is
/// tried again with what comes next. Belongs to the journal's thread.
/// </summary>
internal sealed class Retention(IJournalStore store, EmbeddedOptions options)
{
    private const int DueAtOnce = 1_024;

    private readonly TimeSpan keep = TimeSpan.FromDays(options.KeepDays ?? 0); // events younger than this stay, though snapshots cover them

    private readonly Dictionary<string, JournalDeletion> due = [];
    private int added;
    private JournalException? failure;

    /// <summary>Why the last deletion failed; null when it did not. From any thread.</summary>
    public JournalException? Failure => Volatile.Read(ref failure);

    /// <summary>These are superfluous once the commit that brought them is durable. A later one of an id includes the earlier.</summary>
    public void Add(List<JournalDeletion> deletions)
    {
        foreach (var deletion in deletions) due[deletion.PersistenceId] = deletion;
        added += deletions.Count;
    }

    /// <summary>Snapshots that made these superfluous are of use no more. On the journal's thread.</summary>
    public void Forget()
    {
        due.Clear();
        added = 0;
    }

    /// <summary>Deletes if enough is due.</summary>
    public void RunIfDue()
    {
        if (added >= DueAtOnce) Run();
    }

    /// <summary>Deletes what is due.</summary>
    public void Run()
    {
        added = 0; // after a failure, as many again are waited for
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

    /// <summary>Leaves events that are too young.</summary>
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

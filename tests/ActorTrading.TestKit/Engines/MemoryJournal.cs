using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.TestKit.Engines;

/// <summary>Outcomes of a commit.</summary>
public enum CommitFate
{
    /// <summary>Written.</summary>
    Written,

    /// <summary>Fails; nothing is written.</summary>
    Refused,

    /// <summary>Written, but reported as failed: the outcome is unknown.</summary>
    WrittenButUnknown,

    /// <summary>Fails without being written, but the outcome is reported as unknown.</summary>
    LostAndUnknown,
}

/// <summary>A journal in memory that fails, stalls and loses rows on request. It outlives the engines that are opened on it.</summary>
public sealed class MemoryJournal : IJournalStore
{
    private readonly Lock sync = new();
    private readonly ManualResetEventSlim open = new(initialState: true);
    private readonly List<Row> events = [];
    private readonly SortedDictionary<string, SortedDictionary<long, Row>> snapshots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> heads = [];
    private long ordering;
    private bool isBroken;

    /// <summary>Decides the outcome of each commit; commits are counted from 1.</summary>
    public Func<int, CommitFate> Fate { get; set; } = _ => CommitFate.Written;

    /// <summary>Whether deletions fail.</summary>
    public bool RefusesToDelete { get; set; }

    /// <summary>The clock that stamps the rows.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Number of commits tried.</summary>
    public int Commits { get; private set; }

    /// <inheritdoc/>
    public string Location => "memory";

    /// <inheritdoc/>
    public string? Notice => null;

    /// <summary>Blocks commits until <see cref="Resume"/>.</summary>
    public void Stall() => open.Reset();

    /// <summary>Ends a stall.</summary>
    public void Resume() => open.Set();

    /// <summary>Simulates that the journal was closed and opened again.</summary>
    public void Reopen()
    {
        lock (sync) isBroken = false;
        Fate = _ => CommitFate.Written;
        Resume();
    }

    /// <summary>The ids and numbers of all events, in the order of writing.</summary>
    public IReadOnlyList<(string Id, long SequenceNumber, string Manifest)> Events
    {
        get
        {
            lock (sync) return [.. events.Select(row => (row.Id, row.SequenceNumber, row.Manifest))];
        }
    }

    /// <summary>The ids and numbers of all snapshots.</summary>
    public IReadOnlyList<(string Id, long SequenceNumber)> Snapshots
    {
        get
        {
            lock (sync) return [.. snapshots.SelectMany(id => id.Value.Values.Select(row => (row.Id, row.SequenceNumber)))];
        }
    }

    /// <summary>Flips a bit in an event.</summary>
    public void DamageEvent(string id, long sequenceNumber)
    {
        lock (sync) Flip(events.Single(row => row.Id == id && row.SequenceNumber == sequenceNumber));
    }

    /// <summary>Flips a bit in a snapshot.</summary>
    public void DamageSnapshot(string id, long sequenceNumber)
    {
        lock (sync) Flip(snapshots[id][sequenceNumber]);
    }

    /// <summary>Swaps the payloads of two events.</summary>
    public void SwapEvents(string id, long one, long other)
    {
        lock (sync)
        {
            var (first, second) = (events.FindIndex(row => row.Id == id && row.SequenceNumber == one),
                events.FindIndex(row => row.Id == id && row.SequenceNumber == other));
            (events[first], events[second]) = (
                events[first] with { Manifest = events[second].Manifest, Payload = events[second].Payload },
                events[second] with { Manifest = events[first].Manifest, Payload = events[first].Payload });
        }
    }

    /// <summary>Removes an event without a trace.</summary>
    public void LoseEvent(string id, long sequenceNumber)
    {
        lock (sync) events.RemoveAll(row => row.Id == id && row.SequenceNumber == sequenceNumber);
    }

    /// <inheritdoc/>
    public void Commit(ReadOnlySpan<JournalEntry> newEvents, ReadOnlySpan<JournalEntry> newSnapshots = default)
    {
        open.Wait();
        lock (sync)
        {
            if (isBroken) throw new JournalException(JournalFailure.OutcomeUnknown, "An earlier commit's outcome is unknown.");
            var fate = Fate(++Commits);
            if (fate == CommitFate.Refused) throw new JournalException(JournalFailure.Full, "No room.");
            isBroken = fate is CommitFate.WrittenButUnknown or CommitFate.LostAndUnknown;
            if (fate != CommitFate.LostAndUnknown) Write(newEvents, newSnapshots);
            if (isBroken) throw new JournalException(JournalFailure.OutcomeUnknown, "Written or not?");
        }
    }

    /// <inheritdoc/>
    public long ReadAll(long afterOrdering, JournalRowHandler handler)
    {
        var after = afterOrdering;
        foreach (var row in Copy().Where(row => row.Ordering > after))
        {
            afterOrdering = row.Ordering;
            if (!handler(row.View())) break;
        }

        return afterOrdering;
    }

    /// <inheritdoc/>
    public void Read(string persistenceId, long first, long last, JournalRowHandler handler)
    {
        foreach (var row in Copy().Where(row => row.Id == persistenceId && row.SequenceNumber >= first && row.SequenceNumber <= last)
            .OrderBy(row => row.SequenceNumber))
        {
            if (!handler(row.View())) return;
        }
    }

    /// <inheritdoc/>
    public long HighestSequenceNumber(string persistenceId)
    {
        lock (sync) return heads.GetValueOrDefault(persistenceId);
    }

    /// <inheritdoc/>
    public long LastOrdering()
    {
        lock (sync) return ordering;
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournalHead> Heads()
    {
        lock (sync)
            return [.. heads.OrderBy(head => head.Key, StringComparer.Ordinal).Select(head => new JournalHead(head.Key, head.Value))];
    }

    /// <inheritdoc/>
    public bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null)
    {
        Row? found;
        lock (sync)
            found = snapshots.GetValueOrDefault(persistenceId)?.Values.LastOrDefault(row => row.SequenceNumber <= maxSequenceNumber);
        if (found is not null) handler(found.View());
        return found is not null;
    }

    /// <inheritdoc/>
    public void ReadLatestSnapshots(JournalRowHandler handler)
    {
        List<Row> latest;
        lock (sync) latest = [.. snapshots.Values.Where(rows => rows.Count > 0).Select(rows => rows.Values.Last())];
        foreach (var row in latest)
        {
            if (!handler(row.View())) return;
        }
    }

    /// <inheritdoc/>
    public void Delete(ReadOnlySpan<JournalDeletion> deletions)
    {
        lock (sync)
        {
            if (RefusesToDelete) throw new JournalException(JournalFailure.Locked, "Not now.");
            foreach (var (id, upTo, below) in deletions)
            {
                events.RemoveAll(row => row.Id == id && row.SequenceNumber <= upTo);
                if (!snapshots.TryGetValue(id, out var rows)) continue;
                foreach (var old in rows.Keys.Where(number => number < below).ToList()) rows.Remove(old);
            }
        }
    }

    /// <inheritdoc/>
    public void CheckAlive()
    {
        lock (sync)
        {
            if (isBroken) throw new JournalException(JournalFailure.OutcomeUnknown, "An earlier commit's outcome is unknown.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static void Flip(Row row) => row.Payload[row.Payload.Length / 2] ^= 4;

    private List<Row> Copy()
    {
        lock (sync) return [.. events];
    }

    private void Write(ReadOnlySpan<JournalEntry> newEvents, ReadOnlySpan<JournalEntry> newSnapshots)
    {
        foreach (var entry in newEvents)
        {
            if (entry.SequenceNumber <= heads.GetValueOrDefault(entry.PersistenceId))
                throw new JournalConflictException(entry.PersistenceId, entry.SequenceNumber);
        }

        foreach (var entry in newEvents)
        {
            heads[entry.PersistenceId] = entry.SequenceNumber;
            events.Add(new Row(
                ++ordering, entry.PersistenceId, entry.SequenceNumber, entry.Manifest, entry.Payload.ToArray(),
                Clock.GetUtcNow().UtcTicks));
        }

        foreach (var entry in newSnapshots)
        {
            if (!snapshots.TryGetValue(entry.PersistenceId, out var rows)) snapshots.Add(entry.PersistenceId, rows = []);
            rows[entry.SequenceNumber] = new Row(
                0, entry.PersistenceId, entry.SequenceNumber, entry.Manifest, entry.Payload.ToArray(), Clock.GetUtcNow().UtcTicks);
        }
    }

    private sealed record Row(long Ordering, string Id, long SequenceNumber, string Manifest, byte[] Payload, long Created)
    {
        public JournalRow View() => new()
        {
            Ordering = Ordering, PersistenceId = Id, SequenceNumber = SequenceNumber, Manifest = Manifest,
            SerializerId = EventManifests.SerializerId, Payload = Payload, CreatedTicks = Created,
        };
    }
}

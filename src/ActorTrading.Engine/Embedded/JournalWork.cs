using System.Buffers;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Embedded;

/// <summary>Events and snapshots that go into one commit together. Reusable after <see cref="Clear"/>.</summary>
internal abstract class JournalWork
{
    private readonly List<Piece> events = [];
    private readonly List<Piece> snapshots = [];

    /// <summary>Write a payload here, then add it.</summary>
    public ArrayBufferWriter<byte> Bytes { get; } = new();

    /// <summary>Snapshots after which older ones, and perhaps events, can go.</summary>
    public List<JournalDeletion> Deletions { get; } = [];

    public bool IsEmpty => events.Count == 0 && snapshots.Count == 0;

    /// <summary>Adds what has been written from a place on as an event.</summary>
    public void AddEvent(string id, long sequenceNumber, string manifest, int start) =>
        events.Add(new Piece(id, sequenceNumber, manifest, start, Bytes.WrittenCount - start));

    /// <summary>Adds what has been written from a place on as a snapshot.</summary>
    public void AddSnapshot(string id, long sequenceNumber, string manifest, int start) =>
        snapshots.Add(new Piece(id, sequenceNumber, manifest, start, Bytes.WrittenCount - start));

    /// <summary>Adds its rows to those of a commit.</summary>
    public void AddTo(List<JournalEntry> allEvents, List<JournalEntry> allSnapshots)
    {
        var bytes = Bytes.WrittenMemory;
        foreach (ref readonly var piece in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(events)) allEvents.Add(piece.In(bytes));
        foreach (ref readonly var piece in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(snapshots))
            allSnapshots.Add(piece.In(bytes));
    }

    /// <summary>It is durable. Called on the journal's thread: be quick.</summary>
    public abstract void OnCommitted();

    protected void Clear()
    {
        events.Clear();
        snapshots.Clear();
        Deletions.Clear();
        Bytes.ResetWrittenCount();
    }

    private readonly record struct Piece(string Id, long SequenceNumber, string Manifest, int Start, int Length)
    {
        public JournalEntry In(ReadOnlyMemory<byte> bytes) => new(Id, SequenceNumber, Manifest, bytes.Slice(Start, Length));
    }
}

/// <summary>A commit's worth of anything, and what to do when it is durable.</summary>
internal sealed class SimpleWork(Action? onCommitted = null) : JournalWork
{
    private Action? onCommitted = onCommitted;

    /// <summary>What else to do when it is durable.</summary>
    public void Then(Action more) => onCommitted += more;

    public override void OnCommitted() => onCommitted?.Invoke();
}

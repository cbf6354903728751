using System.Buffers;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Embedded;

/// <summary>Events and snapshots for one commit. Reusable after <see cref="Clear"/>.</summary>
internal abstract class JournalWork
{
    private readonly List<Piece> events = [];
    private readonly List<Piece> snapshots = [];

    /// <summary>Buffer for payloads: write a payload, then add it as an event or snapshot.</summary>
    public ArrayBufferWriter<byte> Bytes { get; } = new();

    /// <summary>Snapshots and events that may be deleted after this commit.</summary>
    public List<JournalDeletion> Deletions { get; } = [];

    public bool IsEmpty => events.Count == 0 && snapshots.Count == 0;

    /// <summary>Adds the bytes written since <paramref name="start"/> as an event.</summary>
    public void AddEvent(string id, long sequenceNumber, string manifest, int start) =>
        events.Add(new Piece(id, sequenceNumber, manifest, start, Bytes.WrittenCount - start));

    /// <summary>Adds the bytes written since <paramref name="start"/> as a snapshot.</summary>
    public void AddSnapshot(string id, long sequenceNumber, string manifest, int start) =>
        snapshots.Add(new Piece(id, sequenceNumber, manifest, start, Bytes.WrittenCount - start));

    /// <summary>Adds its rows to the rows of a commit.</summary>
    public void AddTo(List<JournalEntry> allEvents, List<JournalEntry> allSnapshots)
    {
        var bytes = Bytes.WrittenMemory;
        foreach (ref readonly var piece in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(events)) allEvents.Add(piece.In(bytes));
        foreach (ref readonly var piece in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(snapshots))
            allSnapshots.Add(piece.In(bytes));
    }

    /// <summary>Called when the work is durable, on the journal's thread: must be fast.</summary>
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

/// <summary>Journal work with an optional action to run when it is durable.</summary>
internal sealed class SimpleWork(Action? onCommitted = null) : JournalWork
{
    private Action? onCommitted = onCommitted;

    /// <summary>Adds an action to run when it is durable.</summary>
    public void Then(Action more) => onCommitted += more;

    public override void OnCommitted() => onCommitted?.Invoke();
}

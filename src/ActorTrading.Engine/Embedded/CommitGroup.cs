using System.Runtime.InteropServices;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded.Sleeping;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// The unit that a partition journals at once: records ordered by symbol, with one event per symbol. The records stay in their batches;
/// only their indexes are sorted. The memory is reused.
/// </summary>
internal sealed class CommitGroup(Partition owner, int capacity) : JournalWork
{
    private const int Ahead = 8; // prefetch distance: this many records are loaded into the cache ahead of the current one

    private readonly Place[] places = new Place[capacity];
    private readonly Place[] inOrder = new Place[capacity];
    private readonly List<PartRecords> parts = [];
    private readonly List<HostedSymbol> symbols = [];
    private readonly List<Run> runs = [];
    private ulong[] keys = [];
    private int[] slots = [];
    private int[] cursors = [];
    private int accepted;

    /// <summary>Number of records decided for this group, accepted or not.</summary>
    public int Judged { get; set; }

    /// <summary>Parts whose last record was decided for this group.</summary>
    public List<Part> Finished { get; } = [];

    /// <summary>If the group is an advance of the clock: the new time.</summary>
    public Timestamp? Clock { get; private set; }

    public bool IsFull => Clock is not null || Judged >= capacity;

    /// <summary>Whether the group is empty.</summary>
    public bool IsUntouched => Judged == 0 && Finished.Count == 0;

    public int Capacity => capacity;

    /// <summary>The runs of its symbols; valid after <c>Seal</c>.</summary>
    public IReadOnlyList<Run> Runs => runs;

    /// <summary>A record by its index in the order of symbols, and the part that it belongs to.</summary>
    public ref readonly Record RecordAt(int at, out Part part)
    {
        var batches = CollectionsMarshal.AsSpan(parts);
        if (at + Ahead < accepted)
        {
            var next = inOrder[at + Ahead];
            CacheLines.Prefetch(ref batches[next.Part].Records[next.Index]);
        }

        var place = inOrder[at];
        ref readonly var from = ref batches[place.Part];
        part = from.Part;
        return ref from.Records[place.Index];
    }

    public void Accept(HostedSymbol symbol, Part part, int index)
    {
        if (symbol.Grouped++ == 0)
        {
            symbol.Slot = symbols.Count;
            symbols.Add(symbol);
        }

        if (parts.Count == 0 || !ReferenceEquals(parts[^1].Part, part)) parts.Add(new PartRecords(part));
        places[accepted++] = new Place(symbol.Slot, parts.Count - 1, parts[^1].Start + index);
    }

    /// <summary>Sorts the records by symbol and encodes their events.</summary>
    public void Seal(EventEncoder encoder, RecordScratch scratch)
    {
        MakeRuns();
        foreach (ref readonly var place in places.AsSpan(0, accepted)) inOrder[cursors[place.Symbol]++] = place;
        foreach (ref readonly var run in CollectionsMarshal.AsSpan(runs))
        {
            var records = scratch.Of(run.Count);
            for (var i = 0; i < records.Length; i++) records[i] = RecordAt(run.Start + i, out _);
            var at = Bytes.WrittenCount;
            var manifest = encoder.EncodeRecords(run.Symbol.Symbol, records, Bytes);
            AddEvent(run.Symbol.Id, run.Event, manifest, at);
        }
    }

    /// <summary>Makes the group an advance of the clock for these symbols. Passivated symbols fold it when they are activated.</summary>
    public void Seal(EventEncoder encoder, Timestamp clock, IEnumerable<HostedSymbol> all, IEnumerable<PassivatedSymbol> passivated)
    {
        Clock = clock;
        foreach (var symbol in all)
        {
            if (symbol.IsGone) continue;
            var run = new Run(symbol, ++symbol.LastEvent, 0, 0);
            runs.Add(run);
            var at = Bytes.WrittenCount;
            AddEvent(symbol.Id, run.Event, encoder.EncodeClock(symbol.Symbol, clock, Bytes), at);
        }

        foreach (var sleeper in passivated)
        {
            if (sleeper.IsGone) continue;
            var at = Bytes.WrittenCount;
            AddEvent(PersistenceIds.Of(sleeper.Symbol), ++sleeper.LastEvent, encoder.EncodeClock(sleeper.Symbol, clock, Bytes), at);
        }
    }

    public override void OnCommitted() => owner.OnCommitted();

    public new void Clear()
    {
        base.Clear();
        parts.Clear(); // releases the batches
        symbols.Clear();
        runs.Clear();
        Finished.Clear();
        accepted = 0;
        Judged = 0;
        Clock = null;
    }

    /// <summary>The records of one symbol and the number of their event.</summary>
    public readonly record struct Run(HostedSymbol Symbol, long Event, int Start, int Count);

    /// <summary>
    /// Makes one run per symbol, in the order of the journal's index: neighbours in the index are written one after another.
    /// </summary>
    private void MakeRuns()
    {
        if (keys.Length < symbols.Count)
        {
            var length = Math.Max(symbols.Count, 2 * keys.Length);
            (keys, slots, cursors) = (new ulong[length], new int[length], new int[length]);
        }

        for (var slot = 0; slot < symbols.Count; slot++) (keys[slot], slots[slot]) = (symbols[slot].IndexKey, slot);
        Array.Sort(keys, slots, 0, symbols.Count);
        var start = 0;
        foreach (var slot in slots.AsSpan(0, symbols.Count))
        {
            var symbol = symbols[slot];
            runs.Add(new Run(symbol, ++symbol.LastEvent, start, symbol.Grouped));
            cursors[slot] = start;
            start += symbol.Grouped;
            symbol.Grouped = 0;
        }
    }

    private readonly record struct Place(int Symbol, int Part, int Index);

    /// <summary>A part and the array that contains its batch.</summary>
    private readonly struct PartRecords
    {
        public PartRecords(Part part)
        {
            Part = part;
            if (!MemoryMarshal.TryGetArray(part.Owner.Records, out var batch)) batch = part.Owner.Records.ToArray();
            Records = batch.Array!;
            Start = batch.Offset;
        }

        public Part Part { get; }

        public Record[] Records { get; }

        public int Start { get; }
    }
}

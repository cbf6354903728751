using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// What a partition journals at once: records in the order of their symbols, one event for each symbol. Its memory is
/// taken once and used again.
/// </summary>
internal sealed class CommitGroup(Partition owner, int capacity) : JournalWork
{
    private readonly Place[] places = new Place[capacity];
    private readonly Record[] records = new Record[capacity];
    private readonly Part[] parts = new Part[capacity];
    private readonly List<HostedSymbol> symbols = [];
    private readonly List<Run> runs = [];
    private int accepted;

    /// <summary>Records judged for it, accepted or not.</summary>
    public int Judged { get; set; }

    /// <summary>Parts whose last record was judged for it.</summary>
    public List<Part> Finished { get; } = [];

    /// <summary>When it is an advance of the clock: to when.</summary>
    public Timestamp? Clock { get; private set; }

    public bool IsFull => Clock is not null || Judged >= capacity;

    /// <summary>Whether nothing was put into it.</summary>
    public bool IsUntouched => Judged == 0 && Finished.Count == 0;

    public int Capacity => capacity;

    /// <summary>Its symbols, once it is sealed.</summary>
    public IReadOnlyList<Run> Runs => runs;

    public ReadOnlySpan<Record> RecordsOf(in Run run) => records.AsSpan(run.Start, run.Count);

    public ReadOnlySpan<Part> PartsOf(in Run run) => parts.AsSpan(run.Start, run.Count);

    public void Accept(HostedSymbol symbol, Part part, int index)
    {
        if (symbol.Grouped++ == 0) symbols.Add(symbol);
        places[accepted++] = new Place(symbol, part, index);
    }

    /// <summary>Brings the records into the order of their symbols and writes their events.</summary>
    public void Seal(EventEncoder encoder)
    {
        var start = 0;
        foreach (var symbol in symbols)
        {
            runs.Add(new Run(symbol, ++symbol.LastEvent, start, symbol.Grouped));
            symbol.Cursor = start;
            start += symbol.Grouped;
            symbol.Grouped = 0;
        }

        Part? last = null;
        var batch = ReadOnlySpan<Record>.Empty;
        foreach (ref readonly var place in places.AsSpan(0, accepted))
        {
            if (!ReferenceEquals(place.Part, last)) batch = (last = place.Part).Owner.Records.Span;
            var to = place.Symbol.Cursor++;
            records[to] = batch[place.Index];
            parts[to] = place.Part;
        }

        foreach (var run in runs)
        {
            var at = Bytes.WrittenCount;
            var manifest = encoder.EncodeRecords(run.Symbol.Symbol, RecordsOf(run), Bytes);
            AddEvent(run.Symbol.Id, run.Event, manifest, at);
        }
    }

    /// <summary>Makes it an advance of the clock for these symbols.</summary>
    public void Seal(EventEncoder encoder, Timestamp clock, IEnumerable<HostedSymbol> all)
    {
        Clock = clock;
        foreach (var symbol in all)
        {
            var run = new Run(symbol, ++symbol.LastEvent, 0, 0);
            runs.Add(run);
            var at = Bytes.WrittenCount;
            AddEvent(symbol.Id, run.Event, encoder.EncodeClock(symbol.Symbol, clock, Bytes), at);
        }
    }

    public override void OnCommitted() => owner.OnCommitted();

    public new void Clear()
    {
        base.Clear();
        Array.Clear(places, 0, accepted); // holds on to no batch
        Array.Clear(parts, 0, accepted);
        symbols.Clear();
        runs.Clear();
        Finished.Clear();
        accepted = 0;
        Judged = 0;
        Clock = null;
    }

    /// <summary>The records of one symbol, and the number of the event that they are.</summary>
    public readonly record struct Run(HostedSymbol Symbol, long Event, int Start, int Count);

    private readonly record struct Place(HostedSymbol Symbol, Part Part, int Index);
}

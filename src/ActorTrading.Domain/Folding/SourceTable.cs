using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>What a symbol knows of one source: how far it has heard it, and how much of it was applied or late.</summary>
public struct SourceState
{
    /// <summary>The source.</summary>
    public Source Source;

    /// <summary>The epoch of the last sequenced record applied.</summary>
    public long Epoch;

    /// <summary>The seq of the last sequenced record applied; <see cref="Identity.None"/> before the first.</summary>
    public long Seq;

    /// <summary>Records that changed the state.</summary>
    public long Applied;

    /// <summary>Records that came too late to.</summary>
    public long Late;

    // How far records have been accepted: ahead of the above while they are on their way to the journal.
    internal long AcceptedEpoch;
    internal long AcceptedSeq;

    // With a seq and no records: heard before its symbol was deleted.
    internal readonly bool IsHeard => (Applied | Late) != 0 || Seq != Identity.None;

    internal readonly bool IsNew(in Identity id) =>
        !id.IsSequenced || id.Epoch > AcceptedEpoch || (id.Epoch == AcceptedEpoch && id.Seq > AcceptedSeq);

    internal void Accept(in Identity id)
    {
        if (!id.IsSequenced) return;
        AcceptedEpoch = id.Epoch;
        AcceptedSeq = id.Seq;
    }

    internal void Apply(in Identity id)
    {
        if (!id.IsSequenced) return;
        Epoch = id.Epoch;
        Seq = id.Seq;
        if (IsNew(id)) Accept(id); // a replay applies what an earlier life accepted
    }
}

/// <summary>
/// The sources that a symbol has heard, in the order it first heard them. A few are compared in turn; many have an index, so that a record
/// costs the same however many there are. The index is no part of the state.
/// </summary>
public sealed class SourceTable
{
    private const int MostCompared = 8;

    private readonly IEqualityComparer<Source> comparer;
    private SourceState[] entries = new SourceState[1]; // made with the table, to lie beside it
    private int count;
    private int lastFound;
    private Dictionary<Source, int>? places; // of all entries; null while there are few
    // The newest excluded record of each source; no part of the state, since the fold without them knows none.
    private Dictionary<Source, Identity>? passedOver;

    /// <summary>A table without sources.</summary>
    public SourceTable()
        : this(EqualityComparer<Source>.Default)
    {
    }

    internal SourceTable(IEqualityComparer<Source> comparer) => this.comparer = comparer;

    /// <summary>Every source heard.</summary>
    public ReadOnlySpan<SourceState> Entries => entries.AsSpan(0, count);

    /// <summary>Records applied, of all sources.</summary>
    public long Applied { get; private set; }

    /// <summary>Records late, of all sources.</summary>
    public long Late { get; private set; }

    internal bool IsNew(in Identity id)
    {
        var index = Find(id.Source);
        return (index < 0 || entries[index].IsNew(id)) && (passedOver is null || !IsPassedOver(id));
    }

    /// <summary>Notes that a record was accepted, and is not folded.</summary>
    internal void PassOver(in Identity id)
    {
        if (id.IsSequenced && !IsPassedOver(id)) (passedOver ??= [])[id.Source] = id;
    }

    /// <summary>Whether a record is, or comes before, an excluded one of its source.</summary>
    private bool IsPassedOver(in Identity id) =>
        id.IsSequenced && passedOver is not null && passedOver.TryGetValue(id.Source, out var newest)
        && (id.Epoch < newest.Epoch || (id.Epoch == newest.Epoch && id.Seq <= newest.Seq));

    internal ref SourceState Of(Source source)
    {
        var index = Find(source);
        if (index >= 0) return ref entries[index];
        if (count == entries.Length) Array.Resize(ref entries, count * 2);
        entries[count] = new SourceState { Source = source, Seq = Identity.None, AcceptedSeq = Identity.None };
        places?.Add(source, count);
        lastFound = count++;
        if (count > MostCompared && places is null) BuildIndex();
        return ref entries[lastFound];
    }

    /// <summary>Counts a record that changed the state, or came too late to.</summary>
    internal void Apply(in Identity id, bool inTime)
    {
        ref var source = ref Of(id.Source);
        source.Apply(id);
        if (inTime)
        {
            source.Applied++;
            Applied++;
        }
        else
        {
            source.Late++;
            Late++;
        }
    }

    /// <summary>Of each source the newest sequenced record that was accepted, be it passed over; ordered by source.</summary>
    public IReadOnlyList<Identity> Newest()
    {
        var newest = new SortedDictionary<Source, Identity>();
        foreach (ref readonly var entry in Entries)
        {
            if (entry.AcceptedSeq != Identity.None)
                newest.Add(entry.Source, new Identity(entry.Source, entry.AcceptedEpoch, entry.AcceptedSeq));
        }

        foreach (var (source, id) in passedOver ?? [])
        {
            if (!newest.TryGetValue(source, out var known) || (id.Epoch, id.Seq).CompareTo((known.Epoch, known.Seq)) > 0)
                newest[source] = id;
        }

        return [.. newest.Values];
    }

    /// <summary>Notes how far a source was heard before its symbol was deleted.</summary>
    internal void Keep(in Identity id)
    {
        ref var entry = ref Of(id.Source);
        (entry.Epoch, entry.AcceptedEpoch) = (id.Epoch, id.Epoch);
        (entry.Seq, entry.AcceptedSeq) = (id.Seq, id.Seq);
    }

    internal void Write(StateWriter writer)
    {
        // A source of which records are accepted but none is applied yet is no part of the state. Such come last.
        var heard = count;
        while (heard > 0 && !entries[heard - 1].IsHeard) heard--;
        writer.Int64(heard);
        foreach (ref readonly var entry in Entries[..heard])
        {
            writer.Text(entry.Source.Name);
            writer.Int64(entry.Epoch);
            writer.Int64(entry.Seq);
            writer.Int64(entry.Applied);
            writer.Int64(entry.Late);
        }
    }

    internal static SourceTable Read(ref StateReader reader)
    {
        var table = new SourceTable();
        for (var left = reader.Count(sizeOfEach: 40); left > 0; left--)
        {
            if (!Source.TryParse(reader.Text(), out var source)) throw new StateFormatException("a source without a name");
            ref var entry = ref table.Of(source);
            entry.Epoch = entry.AcceptedEpoch = reader.Int64();
            entry.Seq = entry.AcceptedSeq = reader.Int64();
            entry.Applied = reader.Int64();
            entry.Late = reader.Int64();
            table.Applied += entry.Applied;
            table.Late += entry.Late;
        }

        return table;
    }

    private int Find(Source source)
    {
        if (lastFound < count && ReferenceEquals(entries[lastFound].Source, source)) return lastFound; // records of one source come in runs
        var index = places is null ? FindByComparing(source) : places.GetValueOrDefault(source, -1);
        if (index >= 0) lastFound = index;
        return index;
    }

    private int FindByComparing(Source source)
    {
        for (var i = 0; i < count; i++)
        {
            if (ReferenceEquals(entries[i].Source, source)) return i;
        }

        for (var i = 0; i < count; i++)
        {
            if (comparer.Equals(entries[i].Source, source)) return i;
        }

        return -1;
    }

    private void BuildIndex()
    {
        places = new Dictionary<Source, int>(comparer);
        for (var i = 0; i < count; i++) places.Add(entries[i].Source, i);
    }
}

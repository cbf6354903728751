using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>Position reached in one source by one symbol, and the number of its applied and late records.</summary>
public struct SourceState
{
    /// <summary>The source.</summary>
    public Source Source;

    /// <summary>The epoch of the last sequenced record applied.</summary>
    public long Epoch;

    /// <summary>The seq of the last sequenced record applied; <see cref="Identity.None"/> before the first.</summary>
    public long Seq;

    /// <summary>Number of records that changed the state.</summary>
    public long Applied;

    /// <summary>Number of records that were too late to change the state.</summary>
    public long Late;

    // The last accepted record. It is ahead of the applied one while records are being journaled.
    internal long AcceptedEpoch;
    internal long AcceptedSeq;

    // A source with a seq and without records was seen before its symbol was deleted.
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
        if (IsNew(id)) Accept(id); // a replay applies records accepted by an earlier process
    }
}

/// <summary>
/// The sources of a symbol, in the order of their first record. A few sources are searched linearly; many have an index, so that the cost
/// per record does not depend on their number. The index is not part of the state. Not thread-safe.
/// </summary>
public sealed class SourceTable
{
    private const int MostCompared = 8;

    private readonly IEqualityComparer<Source> comparer;
    private SourceState[] entries = new SourceState[1]; // allocated with the table, to be adjacent to it
    private int count;
    private int lastFound;
    private Dictionary<Source, int>? places; // index of all entries; null while there are few
    // The newest excluded record of each source. Not part of the state: a fold without the excluded records does not know them.
    private Dictionary<Source, Identity>? passedOver;

    /// <summary>A table without sources.</summary>
    public SourceTable()
        : this(EqualityComparer<Source>.Default)
    {
    }

    internal SourceTable(IEqualityComparer<Source> comparer) => this.comparer = comparer;

    /// <summary>All sources seen.</summary>
    public ReadOnlySpan<SourceState> Entries => entries.AsSpan(0, count);

    /// <summary>Number of records applied, over all sources.</summary>
    public long Applied { get; private set; }

    /// <summary>Number of late records, over all sources.</summary>
    public long Late { get; private set; }

    internal bool IsNew(in Identity id)
    {
        var index = Find(id.Source);
        return (index < 0 || entries[index].IsNew(id)) && (passedOver is null || !IsPassedOver(id));
    }

    /// <summary>Notes that a record was accepted but is not folded.</summary>
    internal void PassOver(in Identity id)
    {
        if (id.IsSequenced && !IsPassedOver(id)) (passedOver ??= [])[id.Source] = id;
    }

    /// <summary>Whether a record is an excluded one of its source, or older than one.</summary>
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

    /// <summary>Counts a record as applied or, if it was too late to change the state, as late.</summary>
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

    /// <summary>The newest accepted sequenced record of each source, including excluded records, ordered by source.</summary>
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

    /// <summary>Notes the position that a source had reached before its symbol was deleted.</summary>
    internal void Keep(in Identity id)
    {
        ref var entry = ref Of(id.Source);
        (entry.Epoch, entry.AcceptedEpoch) = (id.Epoch, id.Epoch);
        (entry.Seq, entry.AcceptedSeq) = (id.Seq, id.Seq);
    }

    internal void Write(StateWriter writer)
    {
        // A source with accepted records of which none is applied yet is not part of the state. Such sources are at the end.
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
        if (lastFound < count && ReferenceEquals(entries[lastFound].Source, source)) return lastFound; // runs of one source
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

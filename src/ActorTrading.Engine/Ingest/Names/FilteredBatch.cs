using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Names;

/// <summary>
/// What screening found in a batch: records that may not come in, and places held for new names. For one thread at a time.
/// </summary>
internal sealed class FilteredBatch(AdmissionFilter screening)
{
    private static readonly IngestResult Nothing = new(0, 0, 0, []);

    private List<RejectedRecord>? refused;
    private List<Symbol>? symbolsBeyond;
    private int[]? places; // of the records that pass

    /// <summary>Places held for new symbols.</summary>
    public List<NamePlace<Symbol>> Symbols { get; } = [];

    /// <summary>Places held for new sources.</summary>
    public List<NamePlace<Source>> Sources { get; } = [];

    /// <summary>Places held for new economic indicators.</summary>
    public List<NamePlace<string>> Figures { get; } = [];

    /// <summary>New symbols that nobody held a place for before.</summary>
    public int NewSymbols { get; set; }

    /// <summary>Records that may not come in, in their order.</summary>
    public IReadOnlyList<RejectedRecord> Refused => (IReadOnlyList<RejectedRecord>?)refused ?? [];

    /// <summary>New symbols for which there was no place.</summary>
    public IReadOnlyCollection<Symbol> SymbolsBeyond => (IReadOnlyCollection<Symbol>?)symbolsBeyond ?? [];

    /// <summary>Whether there was no place for a new economic indicator.</summary>
    public bool HasFiguresBeyond { get; set; }

    private bool HoldsPlaces => Symbols.Count + Sources.Count + Figures.Count > 0;

    /// <summary>That record may not come in.</summary>
    public void Refuse(in RejectedRecord record) => (refused ??= []).Add(record);

    /// <summary>There was no place for that symbol.</summary>
    public void NoteBeyond(Symbol symbol) => (symbolsBeyond ??= []).Add(symbol);

    /// <summary>The records that may come in.</summary>
    public ReadOnlyMemory<Record> PassedOf(ReadOnlyMemory<Record> records)
    {
        if (refused is null) return records;
        places = new int[records.Length - refused.Count];
        var passed = new Record[places.Length];
        for (int i = 0, next = 0, count = 0; i < records.Length; i++)
        {
            if (next < refused.Count && refused[next].Index == i)
            {
                next++;
                continue;
            }

            places[count] = i;
            passed[count++] = records.Span[i];
        }

        return passed;
    }

    /// <summary>
    /// What became of the whole batch, when the engine is done with the records that passed (null: there were none). Gives back the places
    /// that are not needed.
    /// </summary>
    public async Task<IngestResult> SettleAsync(Task<IngestResult>? task, ReadOnlyMemory<Record> records)
    {
        try
        {
            var result = task is null ? Nothing : await task.ConfigureAwait(false);
            if (refused is not null)
            {
                var all = result.Refused.Select(one => one with { Index = places![one.Index] }).Concat(refused).OrderBy(one => one.Index);
                result = result with { Refused = [.. all] };
            }

            if (HoldsPlaces) Confirm(records.Span, result.Refused);
            return result;
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Gives all places back that are not needed.</summary>
    public void Release() => screening.Release(this);

    private void Confirm(ReadOnlySpan<Record> records, IReadOnlyList<RejectedRecord> rejected)
    {
        var without = new HashSet<int>(rejected.Count);
        foreach (var one in rejected) without.Add(one.Index);
        for (var i = 0; i < records.Length; i++)
        {
            if (!without.Contains(i)) screening.Confirm(records[i]);
        }
    }
}

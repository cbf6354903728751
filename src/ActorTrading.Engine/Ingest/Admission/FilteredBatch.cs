using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>Result of the admission filter for a batch: refused records, and the places reserved for new names. Not thread-safe.</summary>
internal sealed class FilteredBatch(AdmissionFilter screening)
{
    private static readonly IngestResult Nothing = new(0, 0, 0, []);

    private List<RejectedRecord>? refused;
    private List<Symbol>? symbolsBeyond;
    private int[]? places; // of the records that pass

    /// <summary>Places reserved for new symbols.</summary>
    public List<NamePlace<Symbol>> Symbols { get; } = [];

    /// <summary>Places reserved for new sources.</summary>
    public List<NamePlace<Source>> Sources { get; } = [];

    /// <summary>Places reserved for new economic indicators.</summary>
    public List<NamePlace<string>> Figures { get; } = [];

    /// <summary>Number of new symbols for which no place was reserved before.</summary>
    public int NewSymbols { get; set; }

    /// <summary>Refused records, in order.</summary>
    public IReadOnlyList<RejectedRecord> Refused => (IReadOnlyList<RejectedRecord>?)refused ?? [];

    /// <summary>New symbols beyond the limit.</summary>
    public IReadOnlyCollection<Symbol> SymbolsBeyond => (IReadOnlyCollection<Symbol>?)symbolsBeyond ?? [];

    /// <summary>Whether a new economic indicator was beyond the limit.</summary>
    public bool HasFiguresBeyond { get; set; }

    private bool HoldsPlaces => Symbols.Count + Sources.Count + Figures.Count > 0;

    /// <summary>Adds a refused record.</summary>
    public void Refuse(in RejectedRecord record) => (refused ??= []).Add(record);

    /// <summary>Notes a symbol beyond the limit.</summary>
    public void NoteBeyond(Symbol symbol) => (symbolsBeyond ??= []).Add(symbol);

    /// <summary>The records that pass.</summary>
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
    /// Returns the outcome of the whole batch when the engine has finished with the passed records (null: there were none). Releases the
    /// places that are not needed.
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

    /// <summary>Releases all places that are not needed.</summary>
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

using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>The lowest and highest seq that a source sent in its newest epoch.</summary>
internal readonly record struct SeqRange(long Epoch, long First, long Last);

/// <summary>Ranges of seqs per source, since they were last taken. Thread-safe.</summary>
internal sealed class SeqRanges
{
    private const int MostWithoutLines = 65_536;

    private readonly Dictionary<Source, SeqRange> ranges = [];
    private readonly Lock gate = new();

    /// <summary>Notes the seqs of a batch. Costs one or two comparisons per record, and a look-up when source or epoch changes.</summary>
    public void Note(ReadOnlySpan<Record> records)
    {
        for (var i = 0; i < records.Length;)
        {
            var id = records[i].Id;
            var (source, epoch) = (id.Source, id.Epoch);
            var (first, last) = (long.MaxValue, Identity.None);
            while (ReferenceEquals(id.Source, source) && id.Epoch == epoch)
            {
                if (id.Seq >= 0)
                {
                    first = Math.Min(first, id.Seq);
                    last = Math.Max(last, id.Seq);
                }

                if (++i == records.Length) break;
                id = records[i].Id;
            }

            if (last >= 0) Widen(source, new SeqRange(epoch, first, last));
        }
    }

    /// <summary>Returns and clears the range of a source; null if it sent nothing with a seq.</summary>
    public SeqRange? Take(Source source)
    {
        lock (gate) return ranges.Remove(source, out var range) ? range : null;
    }

    /// <summary>
    /// Drops ranges that no audit line will take, if there are many: sources with only refused input have no lines of their own.
    /// </summary>
    public void Trim()
    {
        lock (gate)
        {
            if (ranges.Count > MostWithoutLines) ranges.Clear();
        }
    }

    private void Widen(Source source, SeqRange more)
    {
        lock (gate)
        {
            if (ranges.TryGetValue(source, out var known) && known.Epoch >= more.Epoch)
            {
                if (known.Epoch > more.Epoch) return;
                more = new SeqRange(more.Epoch, Math.Min(known.First, more.First), Math.Max(known.Last, more.Last));
            }

            ranges[source] = more;
        }
    }
}

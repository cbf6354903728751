using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Keeping;

/// <summary>The lowest and highest seq that a source sent in its newest epoch.</summary>
internal readonly record struct SeqRange(long Epoch, long First, long Last);

/// <summary>Which seqs came of each source since its range was last taken. Safe for any number of threads.</summary>
internal sealed class SeqRanges
{
    private const int MostWithoutLines = 65_536;

    private readonly Dictionary<Source, SeqRange> ranges = [];
    private readonly Lock gate = new();

    /// <summary>Notes the seqs of a batch: a comparison or two per record, and a look-up where source or epoch change.</summary>
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

    /// <summary>What came of a source, and forgets it; null where nothing with a seq did.</summary>
    public SeqRange? Take(Source source)
    {
        lock (gate) return ranges.Remove(source, out var range) ? range : null;
    }

    /// <summary>
    /// Drops the ranges that no line takes, where they are many: sources of which all was refused have no lines of
    /// their own.
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

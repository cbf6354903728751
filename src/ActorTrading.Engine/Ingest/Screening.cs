using System.Collections.Concurrent;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// What may not come in at all, whatever it says: records of a source or symbol that their sender has no right to, and of more sources than there
/// may be. Safe for any number of threads.
/// </summary>
internal sealed class Screening(int maxSources)
{
    private readonly ConcurrentDictionary<Source, bool> admitted = [];
    private readonly Lock adding = new();
    private int count; // of a dictionary like this, counting is slow

    /// <summary>Whether that source has a place, or there was still one for it.</summary>
    public bool Admits(Source source)
    {
        if (ReferenceEquals(source, Source.Anonymous) || admitted.ContainsKey(source)) return true;
        lock (adding)
        {
            if (count >= maxSources) return false;
            if (admitted.TryAdd(source, true)) count++;
            return true;
        }
    }

    /// <summary>The records that may not come in, in their order; null where all may. Costs a comparison or two per record where they may.</summary>
    public List<RefusedRecord>? Check(ReadOnlySpan<Record> records, in Sender sender)
    {
        var symbolsMatter = sender.Grant is { MaySendEverySymbol: false };
        Source? last = null;
        Rejection? verdict = null; // on the last source
        List<RefusedRecord>? refused = null;
        for (var i = 0; i < records.Length; i++)
        {
            var source = records[i].Id.Source;
            if (!ReferenceEquals(source, last)) (last, verdict) = (source, Judge(source, sender));
            var rejection = verdict;
            if (rejection is null && symbolsMatter && !sender.Grant!.MaySend(records[i].Symbol))
                rejection = new Rejection(RejectReason.NotAllowed, "symbol", records[i].Symbol == Symbol.Economy ? "(economy)" : records[i].Symbol.Name);
            if (rejection is not null) (refused ??= []).Add(new RefusedRecord(i, rejection));
        }

        return refused;
    }

    private Rejection? Judge(Source source, in Sender sender)
    {
        if (sender.Grant is { } grant && !grant.MaySend(source)) return new Rejection(RejectReason.BadSource, "source", source.Name);
        return Admits(source) ? null : new Rejection(RejectReason.TooManySources, "source", source.Name);
    }
}

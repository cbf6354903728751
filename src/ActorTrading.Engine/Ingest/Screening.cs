using System.Collections.Concurrent;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Checks records before the engine sees them: the sender's rights to source and symbol, the number of sources, and the distance of the stamp from
/// the clock. Safe for any number of threads.
/// </summary>
internal sealed class Screening(ReceptionOptions options)
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
            if (count >= options.MaxSources) return false;
            if (admitted.TryAdd(source, true)) count++;
            return true;
        }
    }

    /// <summary>The rejected records, in their order; null where there are none. Reads the clock once; costs a few comparisons per record.</summary>
    public List<RefusedRecord>? Check(ReadOnlySpan<Record> records, in Sender sender)
    {
        var latest = ClockLimit.LatestAt(options.Time, options.MaxAhead);
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
            if (rejection is null && records[i].Time > latest) rejection = TickRules.Explain(records[i], RejectReason.TimeAhead);
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

using System.Net;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// One connection: its number since the start, who is at the other end (source null without a hello), what came and went in
/// bytes and pieces, batches that wait for the engine, and, once it is over, why: an error, or null where the client ended it.
/// </summary>
public sealed record ConnectionStatus(
    long Number, EndPoint? Remote, Source? Source, DateTimeOffset Since, long BytesIn, long BytesOut, long Records, long Rejected,
    long Acks, int InFlight, IngestError? Error)
{
    /// <summary>How long the oldest batch that waits for the engine has waited.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>
    /// The seq that the last ack covers; <see cref="Domain.Records.Identity.None"/> before the first, and for a client
    /// that sends none.
    /// </summary>
    public long AckedSeq { get; init; } = Domain.Records.Identity.None;

    /// <summary>When the last ack was written; null before the first.</summary>
    public DateTimeOffset? LastAck { get; init; }

    /// <summary>The client's name in the access rules; see <see cref="Auditing.AuditRecord.Caller"/>.</summary>
    public string Caller { get; init; } = Auditing.AuditRecord.Anonymous;

    /// <summary>The source that its hello named, whether it was let in or not.</summary>
    public Source? Claimed { get; init; }
}

/// <summary>All connections together since the start: those open now, all there were, those turned away at the door, and sums.</summary>
public sealed record IngestTotals(
    int Open, long Connections, long TurnedAway, long BytesIn, long BytesOut, long Records, long Rejected, long Acks)
{
    /// <summary>Of those open, how many have said no hello and sent no record.</summary>
    public int Pending { get; init; }

    /// <summary>How many of these were ended to have room for others.</summary>
    public long Evicted { get; init; }
}

using System.Net;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>
/// Status of a connection: its number since the start, its client (the source is null without a hello), bytes and pieces received and sent,
/// and batches that wait for the engine. For a closed connection also the error that ended it; null if the client ended it.
/// </summary>
public sealed record ConnectionStatus(
    long Number, EndPoint? Remote, Source? Source, DateTimeOffset Since, long BytesIn, long BytesOut, long Records, long Rejected,
    long Acks, int InFlight, IngestError? Error)
{
    /// <summary>How long the oldest batch has waited for the engine.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>
    /// The seq that the last ack covers; <see cref="Domain.Records.Identity.None"/> before the first ack, and for a client that sends no
    /// seqs.
    /// </summary>
    public long AckedSeq { get; init; } = Domain.Records.Identity.None;

    /// <summary>When the last ack was written; null before the first.</summary>
    public DateTimeOffset? LastAck { get; init; }

    /// <summary>The client's name in the access rules; see <see cref="Auditing.AuditRecord.Caller"/>.</summary>
    public string Caller { get; init; } = Auditing.AuditRecord.Anonymous;

    /// <summary>The source in its hello, even if the hello was refused.</summary>
    public Source? Claimed { get; init; }
}

/// <summary>Totals over all connections since the start: open, accepted, turned away on connect, and sums of their counters.</summary>
public sealed record IngestTotals(
    int Open, long Connections, long TurnedAway, long BytesIn, long BytesOut, long Records, long Rejected, long Acks)
{
    /// <summary>Open connections that have sent neither a hello nor a record.</summary>
    public int Pending { get; init; }

    /// <summary>Number of such connections that were closed to make room for others.</summary>
    public long Evicted { get; init; }
}

using ActorTrading.Domain.Admission;

namespace ActorTrading.Engine.Telemetry;

/// <summary>Number of rejections by reason, since the start. Thread-safe.</summary>
public sealed class RejectionCounts
{
    private readonly long[] counts = new long[(int)Enum.GetValues<RejectReason>().Max() + 1];

    /// <summary>Counts a rejection.</summary>
    public void Add(RejectReason reason) => Interlocked.Increment(ref counts[(int)reason]);

    /// <summary>Number of rejections with that reason.</summary>
    public long Of(RejectReason reason) => Interlocked.Read(ref counts[(int)reason]);
}

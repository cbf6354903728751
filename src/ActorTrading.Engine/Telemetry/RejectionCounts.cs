using ActorTrading.Domain.Admission;

namespace ActorTrading.Engine.Telemetry;

/// <summary>How often something was refused, by reason, since the start. Safe for any number of threads.</summary>
public sealed class RejectionCounts
{
    private readonly long[] counts = new long[(int)Enum.GetValues<RejectReason>().Max() + 1];

    /// <summary>One more.</summary>
    public void Add(RejectReason reason) => Interlocked.Increment(ref counts[(int)reason]);

    /// <summary>How often for that reason.</summary>
    public long Of(RejectReason reason) => Interlocked.Read(ref counts[(int)reason]);
}

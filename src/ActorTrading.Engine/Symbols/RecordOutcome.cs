using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;

namespace ActorTrading.Engine.Symbols;

/// <summary>Outcome of a record, as one byte.</summary>
internal static class RecordOutcome
{
    public const byte Applied = 0;
    public const byte Late = 1;
    public const byte Duplicate = 2;

    private const byte FirstReason = 16;

    /// <summary>The outcome of a judged record. An accepted one is <see cref="Applied"/> until it is folded.</summary>
    public static byte Of(Decision decision) => decision.Verdict switch
    {
        Verdict.Accepted => Applied,
        Verdict.Duplicate => Duplicate,
        _ => Refused(decision.Reason),
    };

    public static byte Refused(RejectReason reason) => checked((byte)(FirstReason + (byte)reason));

    /// <summary>Reason of a rejection; <see cref="RejectReason.None"/> if the record was not rejected.</summary>
    public static RejectReason ReasonOf(byte outcome) => outcome < FirstReason ? RejectReason.None : (RejectReason)(outcome - FirstReason);

    public static bool IsKnown(byte outcome) => outcome <= Duplicate || (outcome > FirstReason && Enum.IsDefined(ReasonOf(outcome)));
}

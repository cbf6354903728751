using System.Globalization;
using ActorTrading.Domain.Values;

namespace ActorTrading.Lab.Benching;

/// <summary>The records that a sender sent, and their outcome in the node's ledger.</summary>
internal sealed record LedgerCheck(Source Source, long Sent, LedgerCounts Counts)
{
    /// <summary>Whether each sent record is counted exactly once.</summary>
    public bool IsSound => Counts.IsBalanced && Counts.Received == Sent;

    public override string ToString() =>
        $"{Source}: {Counts}{(Counts.Received == Sent ? "" : string.Create(CultureInfo.InvariantCulture, $"  BUT {Sent:N0} WERE SENT"))}";
}

using System.Globalization;
using ActorTrading.Domain.Values;

namespace ActorTrading.Lab.Benching;

/// <summary>What a sender sent, and what the node says became of it.</summary>
internal sealed record LedgerCheck(Source Source, long Sent, LedgerCounts Counts)
{
    /// <summary>Whether all that was sent is accounted for, once.</summary>
    public bool IsSound => Counts.IsBalanced && Counts.Received == Sent;

    public override string ToString() =>
        $"{Source}: {Counts}{(Counts.Received == Sent ? "" : string.Create(CultureInfo.InvariantCulture, $"  BUT {Sent:N0} WERE SENT"))}";
}

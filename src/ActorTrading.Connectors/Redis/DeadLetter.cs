using ActorTrading.Connectors.Messages;

namespace ActorTrading.Connectors.Redis;

/// <summary>Formats the reason of a dead letter.</summary>
internal static class DeadLetter
{
    private const int Most = 5;

    /// <summary>The reason of the rejection; for several records the first few reasons.</summary>
    public static string Reason(in MessageOutcome outcome)
    {
        var all = outcome.Rejections;
        var first = string.Join("; ", all.Take(Most));
        return all.Count > Most ? $"{first}; and {all.Count - Most} more" : first;
    }
}

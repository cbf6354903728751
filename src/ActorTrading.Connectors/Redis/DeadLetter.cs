using ActorTrading.Connectors.Messages;

namespace ActorTrading.Connectors.Redis;

/// <summary>What a message that was refused is kept with.</summary>
internal static class DeadLetter
{
    private const int Most = 5;

    /// <summary>Why it was refused; where it held several records, the first few reasons.</summary>
    public static string Reason(in MessageOutcome outcome)
    {
        var all = outcome.Rejections;
        var first = string.Join("; ", all.Take(Most));
        return all.Count > Most ? $"{first}; and {all.Count - Most} more" : first;
    }
}

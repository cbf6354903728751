namespace ActorTrading.Domain.Signals;

/// <summary>The action of a signal. The numbers are part of the binary formats: never reuse one.</summary>
public enum SignalAction : byte
{
    /// <summary>Buy.</summary>
    Buy = 1,

    /// <summary>Sell.</summary>
    Sell = 2,

    /// <summary>Neither buy nor sell: attention is needed.</summary>
    Alert = 3,

    /// <summary>
    /// An earlier signal of the log is withdrawn, since a record that made it fire was excluded. Rules cannot use this action.
    /// </summary>
    Withdrawn = 4,
}

/// <summary>Names of actions.</summary>
public static class SignalActions
{
    /// <summary>All actions that a rule may use.</summary>
    public static readonly IReadOnlyList<SignalAction> All = [SignalAction.Buy, SignalAction.Sell, SignalAction.Alert];

    /// <summary>The name in rules and outputs: <c>buy</c>, <c>sell</c>, <c>alert</c>.</summary>
    public static string Name(this SignalAction action) => action switch
    {
        SignalAction.Buy => "buy",
        SignalAction.Sell => "sell",
        SignalAction.Alert => "alert",
        SignalAction.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };

    /// <summary>Parses an action's name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SignalAction action)
    {
        foreach (var candidate in All)
        {
            if (text.SequenceEqual(candidate.Name()))
            {
                action = candidate;
                return true;
            }
        }

        action = default;
        return false;
    }
}

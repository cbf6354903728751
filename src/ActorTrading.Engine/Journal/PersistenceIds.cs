using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Journal;

/// <summary>
/// Under which ids the journal keeps what. No symbol can spell another's id, the economy's, the administrator's, the
/// subscriptions' or the plan's.
/// </summary>
public static class PersistenceIds
{
    /// <summary>The signal log.</summary>
    public const string Administrator = "administrator";

    /// <summary>The changes of the list of subscribed symbols.</summary>
    public const string Subscriptions = "subscriptions";

    /// <summary>The plans, each from its event on.</summary>
    public const string Plan = "plan";

    private const string Economy = "economy";
    private const string Prefix = "symbol-";

    /// <summary>The id of a symbol.</summary>
    public static string Of(Symbol symbol) => symbol.Equals(Symbol.Economy) ? Economy : Prefix + symbol.Name;

    /// <summary>Whose id it is; null if it is no symbol's.</summary>
    public static Symbol? SymbolOf(string id)
    {
        if (id == Economy) return Symbol.Economy;
        return id.StartsWith(Prefix, StringComparison.Ordinal) && Symbol.TryParse(id.AsSpan(Prefix.Length), out var symbol) ? symbol : null;
    }

    /// <summary>Which of so many partitions hosts a symbol: the same one in every process.</summary>
    internal static int PartitionOf(Symbol symbol, int partitions) => (int)(symbol.StableHash % (uint)partitions);
}

using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Journal;

/// <summary>
/// The persistence ids of the journal. No symbol can have the id of another symbol, of the economy, of the administrator, of the
/// subscriptions or of the plan.
/// </summary>
public static class PersistenceIds
{
    /// <summary>The signal log.</summary>
    public const string Administrator = "administrator";

    /// <summary>The changes of the subscription list.</summary>
    public const string Subscriptions = "subscriptions";

    /// <summary>The plans, each in force from its event on.</summary>
    public const string Plan = "plan";

    private const string Economy = "economy";
    private const string Prefix = "symbol-";

    /// <summary>The id of a symbol.</summary>
    public static string Of(Symbol symbol) => symbol.Equals(Symbol.Economy) ? Economy : Prefix + symbol.Name;

    /// <summary>The symbol of an id; null if the id does not belong to a symbol.</summary>
    public static Symbol? SymbolOf(string id)
    {
        if (id == Economy) return Symbol.Economy;
        return id.StartsWith(Prefix, StringComparison.Ordinal) && Symbol.TryParse(id.AsSpan(Prefix.Length), out var symbol) ? symbol : null;
    }

    /// <summary>The partition that hosts a symbol: the same in every process.</summary>
    internal static int PartitionOf(Symbol symbol, int partitions) => (int)(symbol.StableHash % (uint)partitions);
}

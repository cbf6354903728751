using ActorTrading.Domain.Plans;
using ActorTrading.Engine;

namespace ActorTrading.Host.Watching;

/// <summary>
/// What the partitions said when they were last asked: the ledger, the symbols that are shown one by one, how many are not,
/// and the plan of all that.
/// </summary>
internal sealed record NodeReading(IReadOnlyList<LedgerLine> Ledger, IReadOnlyList<SymbolReading> Symbols, int SymbolsLeftOut, Plan Plan)
{
    /// <summary>Before anybody was asked.</summary>
    public static NodeReading None { get; } = new([], [], 0, Plan.Default);
}

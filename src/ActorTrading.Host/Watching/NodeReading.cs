using ActorTrading.Engine;

namespace ActorTrading.Host.Watching;

/// <summary>What the partitions said when they were last asked: the ledger, the symbols that are shown one by one, and how many are not.</summary>
internal sealed record NodeReading(IReadOnlyList<LedgerLine> Ledger, IReadOnlyList<SymbolReading> Symbols, int SymbolsLeftOut)
{
    /// <summary>Before anybody was asked.</summary>
    public static NodeReading None { get; } = new([], [], 0);
}

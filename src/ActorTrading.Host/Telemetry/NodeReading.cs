using ActorTrading.Domain.Plans;
using ActorTrading.Engine;

namespace ActorTrading.Host.Telemetry;

/// <summary>
/// The last data read from the partitions: the ledger, the symbols with their own metrics, the number of the other symbols, and the plan at
/// that time.
/// </summary>
internal sealed record NodeReading(IReadOnlyList<LedgerLine> Ledger, IReadOnlyList<SymbolReading> Symbols, int SymbolsLeftOut, Plan Plan)
{
    /// <summary>The initial value, before the first read.</summary>
    public static NodeReading None { get; } = new([], [], 0, Plan.Default);
}

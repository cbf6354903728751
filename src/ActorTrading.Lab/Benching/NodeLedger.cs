using ActorTrading.Host;
using ActorTrading.Host.Api;

namespace ActorTrading.Lab.Benching;

/// <summary>A snapshot of a node's ledger, by source name. The difference of two snapshots is what a run added.</summary>
internal sealed class NodeLedger
{
    private readonly Dictionary<string, LedgerCounts> lines = new(StringComparer.Ordinal);

    /// <summary>Reads the ledger of a node.</summary>
    /// <exception cref="CommandException">The node does not answer, or rejects the request.</exception>
    public static async Task<NodeLedger> ReadAsync(NodeApi api, CancellationToken cancellation)
    {
        using var json = await api.GetAsync("ledger", cancellation);
        var ledger = new NodeLedger();
        foreach (var line in json.RootElement.GetProperty("sources").EnumerateArray())
        {
            ledger.lines[line.GetProperty("source").GetString()!] = new LedgerCounts(
                Of("received"), Of("applied"), Of("duplicate"), Of("late"), Of("rejected"));

            long Of(string name) => line.GetProperty(name).GetInt64();
        }

        return ledger;
    }

    /// <summary>The counts of a source since an earlier snapshot.</summary>
    public LedgerCounts Since(NodeLedger before, string source) => lines.GetValueOrDefault(source) - before.lines.GetValueOrDefault(source);
}

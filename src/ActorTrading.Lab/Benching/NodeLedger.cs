using ActorTrading.Host;
using ActorTrading.Host.Api;

namespace ActorTrading.Lab.Benching;

/// <summary>A node's ledger at a moment, by the name of the source; what a run adds to it is the difference of two.</summary>
internal sealed class NodeLedger
{
    private readonly Dictionary<string, LedgerCounts> lines = new(StringComparer.Ordinal);

    /// <summary>Asks a node for it.</summary>
    /// <exception cref="CommandException">Nobody answers, or it will not tell.</exception>
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

    /// <summary>What has come of a source since an earlier moment.</summary>
    public LedgerCounts Since(NodeLedger before, string source) => lines.GetValueOrDefault(source) - before.lines.GetValueOrDefault(source);
}

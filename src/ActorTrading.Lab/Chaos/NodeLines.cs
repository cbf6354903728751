using System.Globalization;

namespace ActorTrading.Lab.Chaos;

/// <summary>The lines of all nodes, in one file, and what is counted of them. Safe for any number of threads.</summary>
internal sealed class NodeLines(string file) : IDisposable
{
    private readonly Lock sync = new();
    private readonly StreamWriter writer = new(file) { AutoFlush = true };

    /// <summary>Lines of the ledger that nodes printed when they had drained.</summary>
    public int Ledgers { get; private set; }

    /// <summary>Those that do not balance.</summary>
    public int UnbalancedLedgers { get; private set; }

    /// <summary>Symbols that refuse what would throw again.</summary>
    public int Quarantines { get; private set; }

    /// <summary>Takes a line of a node; number 0 is whoever runs them.</summary>
    public void Write(int node, string line)
    {
        lock (sync)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {node} {line}"));
            if (line.Contains(" is quarantined: ", StringComparison.Ordinal)) Quarantines++;
            if (!line.StartsWith("ledger ", StringComparison.Ordinal)) return;
            Ledgers++;
            if (line.Contains("NOT BALANCED", StringComparison.Ordinal)) UnbalancedLedgers++;
        }
    }

    public void Dispose()
    {
        lock (sync) writer.Dispose();
    }
}

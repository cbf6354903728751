using System.Globalization;

namespace ActorTrading.Lab.Chaos;

/// <summary>Writes the output lines of all nodes to one file, and counts some of them. Thread-safe.</summary>
internal sealed class NodeLines(string file) : IDisposable
{
    private readonly Lock sync = new();
    private readonly StreamWriter writer = new(file) { AutoFlush = true };

    /// <summary>Number of ledger lines that nodes printed after draining.</summary>
    public int Ledgers { get; private set; }

    /// <summary>Number of ledger lines that do not balance.</summary>
    public int UnbalancedLedgers { get; private set; }

    /// <summary>Number of quarantined symbols, which reject records that would throw again.</summary>
    public int Quarantines { get; private set; }

    /// <summary>Adds a line of a node; number 0 is the program that runs the nodes.</summary>
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

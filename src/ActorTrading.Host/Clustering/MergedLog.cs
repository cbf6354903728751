using System.Globalization;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Clustering;

/// <summary>
/// Writes the output lines of several nodes to one terminal, each with its node number. A line that another node has just printed too, such
/// as a signal, is printed once. Thread-safe.
/// </summary>
internal sealed class MergedLog(TextWriter output, bool isColoured)
{
    private const int Remembered = 10_000;

    private static readonly int[] Colours = [36, 33, 35, 32, 34, 31];

    private readonly Lock sync = new();
    private readonly Dictionary<string, int> saidBy = [];
    private readonly Queue<string> said = new();

    /// <summary>Prints a line of a node; number 0 is the cluster itself.</summary>
    public void Write(int node, string line)
    {
        lock (sync)
        {
            if (saidBy.TryGetValue(line, out var first))
            {
                if (first != node) return;
            }
            else
            {
                if (said.Count == Remembered) saidBy.Remove(said.Dequeue());
                saidBy.Add(line, node);
                said.Enqueue(line);
            }

            line = PlainText.Shield(line);
            var name = node == 0 ? "cluster" : string.Create(CultureInfo.InvariantCulture, $"node {node} ");
            output.WriteLine(
                isColoured && node > 0 ? $"\e[{Colours[(node - 1) % Colours.Length]}m{name}\e[0m | {line}" : $"{name} | {line}");
        }
    }
}

using System.Text.RegularExpressions;
using ActorTrading.Host.Clustering;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The command <c>cluster</c>, running.</summary>
internal sealed partial class ClusterProcess : ChildProcess
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private ClusterProcess(string[] command)
        : base(Cli.Starts(Cli.Product, command), linesKept: int.MaxValue)
    {
    }

    /// <summary>The addresses of its nodes, by their numbers.</summary>
    public Dictionary<int, (string Ticks, Uri Api, string Cluster)> Nodes { get; } = [];

    /// <summary>The nodes that have ended, in that order.</summary>
    public IEnumerable<string> Ended =>
        Output.Select(line => HasEnded().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    private List<int> Processes { get; } = [];

    /// <summary>Starts it with three nodes and waits until all take records.</summary>
    public static Task<ClusterProcess> StartAsync(params string[] arguments) => StartAsync(3, arguments);

    /// <summary>Starts it with so many nodes and waits until all take records.</summary>
    public static async Task<ClusterProcess> StartAsync(int nodes, params string[] arguments)
    {
        var cluster = new ClusterProcess(["cluster", "--nodes", $"{nodes}", .. arguments]);
        try
        {
            for (var number = 1; number <= nodes; number++) await cluster.FindAsync(number);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Sends its nodes, and not itself, what a terminal sends at Ctrl-C.</summary>
    public void Interrupt()
    {
        foreach (var node in Processes) Assert.True(Interrupt(node));
    }

    /// <summary>Waits until some line of it has that in it.</summary>
    public Task UntilSaidAsync(string words) =>
        LineAsync(line => line.Contains(words, StringComparison.Ordinal)).WaitAsync(Timeout);

    private async Task FindAsync(int number)
    {
        var start = $"cluster | node {number}: ticks ";
        var line = await LineAsync(line => line.StartsWith(start, StringComparison.Ordinal)).WaitAsync(Timeout);
        var told = Addresses().Match(line);
        Nodes.Add(number, (told.Groups[1].Value, new Uri(told.Groups[2].Value), told.Groups[3].Value));
        Processes.Add(int.Parse(told.Groups[4].ValueSpan));
    }

    [GeneratedRegex(@"ticks (\S+), API (\S+), cluster ([^,]+), process (\d+)")]
    private static partial Regex Addresses();

    [GeneratedRegex("^cluster \\| (node \\d+) has (drained and )?ended")]
    private static partial Regex HasEnded();
}

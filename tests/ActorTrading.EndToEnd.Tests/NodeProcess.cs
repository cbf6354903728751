using System.Text.RegularExpressions;
using ActorTrading.Host.Clustering;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A node in a process of its own.</summary>
internal sealed partial class NodeProcess : ChildProcess
{
    private const string Api = " (API)";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly string data;

    private NodeProcess(string data, string[] command)
        : base(Cli.Starts(Cli.Product, command), linesKept: int.MaxValue) => this.data = data;

    /// <summary>Where it answers requests.</summary>
    public Uri Http { get; private set; } = null!;

    /// <summary>How much there is of the journal and its log.</summary>
    public long JournalBytes => new DirectoryInfo(data).EnumerateFiles("journal.db*").Sum(file => file.Length);

    /// <summary>The state hash that a node printed at its end.</summary>
    public static string HashOf(CliResult ended) => StateHash().Match(ended.Output).Groups[1].Value;

    /// <summary>Starts a node and waits until it listens.</summary>
    public static async Task<NodeProcess> StartAsync(string data, int port, string engine = "embedded", params string[] options)
    {
        var node = new NodeProcess(data,
        [
            "node", "--engine", engine, "--data", data, "--port", $"{port}", "--cluster-port", "0",
            .. options.Contains("--http-port") ? options : ["--http-port", "0", .. options],
        ]);
        try
        {
            var line = await node.LineAsync(static line => line.EndsWith(Api, StringComparison.Ordinal)).WaitAsync(Timeout);
            node.Http = new Uri(line[..^Api.Length]);
            return node;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            node.Dispose();
            throw new InvalidOperationException(string.Join('\n', node.Errors), e);
        }
    }

    [GeneratedRegex("drained; state hash ([0-9a-f]{64})")]
    private static partial Regex StateHash();
}

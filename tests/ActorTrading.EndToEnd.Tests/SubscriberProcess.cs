using ActorTrading.Host.Clustering;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The sample of a subscriber, running, and asked for all signals.</summary>
internal sealed class SubscriberProcess : ChildProcess
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "ActorTrading.EndToEnd.Tests"), Path.Combine("src", "ActorTrading.Subscriber"), StringComparison.Ordinal),
        "actortrading-subscriber.dll");

    private SubscriberProcess(string[] command)
        : base(Cli.Starts(Program, command), linesKept: int.MaxValue)
    {
    }

    /// <summary>Starts it; those are nodes of the cluster.</summary>
    public static SubscriberProcess Start(IEnumerable<string> seeds) =>
        new(["signals", "--from", "0", .. seeds.SelectMany(seed => (string[])["--seed", seed])]);

    /// <summary>Runs it until it ends by itself.</summary>
    public static Task<CliResult> RunAsync(params string[] arguments) => Cli.RunProgram(Program, arguments);

    /// <summary>Its first lines; waits for them.</summary>
    public async Task<List<string>> ReadAsync(int count)
    {
        using var limit = new CancellationTokenSource(Timeout);
        while (Output.Count < count) await Task.Delay(50, limit.Token);
        return [.. Output.Take(count)];
    }
}

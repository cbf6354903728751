using ActorTrading.Host;

namespace ActorTrading.Lab.Chaos;

/// <summary>Creates faults: chooses the node and the duration. The random choices depend only on the seed.</summary>
internal sealed class FaultPlanner(ChaosOptions options, Random random, FaultTargets targets)
{
    private readonly int nodes = options.Nodes;
    private int frozen;
    private int cut;

    /// <summary>
    /// The next fault of a kind. Freezes and cuts alternate between a short one and one longer than the cluster tolerates.
    /// </summary>
    public Fault Next(FaultKind kind)
    {
        var number = 1 + random.Next(nodes);
        return kind switch
        {
            FaultKind.Kill => Kill(number, Seconds(0, 15)),
            FaultKind.Drain => new Fault("drain", $"node {number}", 0, 2, cancellation => RestartAsync(number, cancellation)),
            FaultKind.Freeze => ++frozen % 2 == 1
                ? Freeze(number, Seconds(0.5, 2.5), "freeze, short", 0)
                : Freeze(number, Seconds(14, 20), "freeze, long", 2),
            FaultKind.Cut =>
                ++cut % 2 == 1 ? Cut(number, Seconds(0.5, 2.5), "cut, short", 0) : Cut(number, Seconds(14, 20), "cut, long", 2),
            FaultKind.Join => Join(nodes + 1, Seconds(2, 6)),
            FaultKind.Roll => new Fault("rolling restart", $"all {nodes} nodes", 0, 2 * nodes, RollAsync),
            _ => Shut(options.Outage ?? Seconds(5, 15)),
        };
    }

    private static string Of(int number, TimeSpan pause) => FormattableString.Invariant($"node {number} for {pause.TotalSeconds:0.0} s");

    private TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least)));

    private Fault Kill(int number, TimeSpan pause) => new("kill", Of(number, pause), 1, 0, async cancellation =>
    {
        targets.Cluster.ProcessOf(number).Kill();
        await targets.Cluster.EndOf(number);
        await Task.Delay(pause, cancellation);
        await targets.StartAsync(number, cancellation);
    });

    private Fault Freeze(int number, TimeSpan pause, string name, int moves) => new(name, Of(number, pause), 0, moves, async cancellation =>
    {
        targets.Cluster.ProcessOf(number).Freeze();
        try
        {
            await Task.Delay(pause, cancellation);
        }
        finally
        {
            targets.Cluster.ProcessOf(number).Thaw();
        }
    });

    private Fault Cut(int number, TimeSpan pause, string name, int moves) => new(name, Of(number, pause), 0, moves, async cancellation =>
    {
        targets.Links.Cut(number);
        try
        {
            await Task.Delay(pause, cancellation);
        }
        finally
        {
            targets.Links.Heal(number);
        }
    });

    private Fault Join(int number, TimeSpan pause) => new("join and leave", Of(number, pause), 0, 2, async cancellation =>
    {
        await targets.StartAsync(number, cancellation);
        await Task.Delay(pause, cancellation);
        await DrainAsync(number, cancellation);
    });

    private Fault Shut(TimeSpan pause)
    {
        var detail = FormattableString.Invariant($"nothing can be written for {pause.TotalSeconds:0.0} s");
        return new Fault(targets.Gate.Fault, detail, 0, 0, async cancellation =>
        {
            await targets.Gate.ShutAsync(cancellation);
            try
            {
                await Task.Delay(pause, cancellation);
            }
            finally
            {
                await targets.Gate.OpenAsync();
            }
        });
    }

    private async Task RollAsync(CancellationToken cancellation)
    {
        for (var number = 1; number <= nodes; number++) await RestartAsync(number, cancellation);
    }

    private async Task RestartAsync(int number, CancellationToken cancellation)
    {
        await DrainAsync(number, cancellation);
        await targets.StartAsync(number, cancellation);
    }

    private async Task DrainAsync(int number, CancellationToken cancellation)
    {
        var code = await targets.Cluster.ProcessOf(number).StopAsync(cancellation);
        await targets.Cluster.EndOf(number);
        if (code != ExitCode.Ok)
            throw new CommandException(ExitCode.BadInput, $"Node {number} was told to drain and ended with code {code}.");
    }
}

using System.Diagnostics;
using System.Globalization;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Journal;
using ActorTrading.Host;
using ActorTrading.Host.Api;
using ActorTrading.Host.Clustering;
using ActorTrading.Lab.Crashing;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Applies faults to a cluster, round after round, while feeds send it a hostile market. After each fault, every node must work again. Then
/// the feeds pause, and the state of the cluster is compared with a market that was never disturbed.
/// </summary>
internal sealed class ChaosTest : IDisposable
{
    private const string Start = "start of all";
    private const int StartsTried = 3; // another program may take a port meanwhile

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly ChaosOptions options;
    private readonly Action<string> progress;
    private readonly Random random;
    private readonly CrashWitness witness = new(Plan.Default);
    private readonly ChaosReport report;
    private readonly JournalAudit audit;
    private readonly CuttableLinks links;
    private readonly IJournalGate gate;
    private readonly NodeLines lines;
    private readonly string file;
    private LocalCluster cluster = null!;
    private ChaosFeeds feeds = null!;

    /// <param name="options">The options of the test.</param>
    /// <param name="server">The PostgreSQL server of its journal, when the test may stop it.</param>
    /// <param name="progress">Receives a line after each round.</param>
    public ChaosTest(ChaosOptions options, OwnPostgres? server, Action<string> progress)
    {
        (this.options, this.progress) = (options, progress);
        random = new Random((int)(options.Seed % int.MaxValue));
        report = new ChaosReport(options);
        file = Path.Combine(options.Data, JournalStore.FileName);
        audit = new JournalAudit(options.Postgres ?? file, witness, report.Checks.Add);
        links = new CuttableLinks(options.Data);
        gate = server is not null ? new OwnPostgresGate(server)
            : options.Postgres is { } address ? new PostgresGate(address)
            : new SqliteGate(file);
        lines = new NodeLines(Path.Combine(options.Data, "cluster.log"));
    }

    /// <summary>Runs all rounds.</summary>
    /// <exception cref="CommandException">The cluster does not start, or makes no progress; the message says where to look.</exception>
    public async Task<ChaosReport> RunAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var nodes = new LocalClusterOptions(options.Data, options.Nodes, gate.Postgres, null, Random.Shared.Next(15_000, 30_000))
        {
            Program = Product.Program,
        };
        await using var running = cluster = await LocalCluster.StartAsync(nodes, lines.Write, cancellation, links);
        await using var sending = feeds = new ChaosFeeds(options, cluster, witness);
        var planner = new FaultPlanner(options, random, new FaultTargets(cluster, links, gate, StartAsync));
        var kinds = new List<FaultKind>();
        var isSound = true;
        await SettleAsync(report.Of(Start), cancellation);
        report.Of(Start).LongestWaits.Add(feeds.TakeLongestWait());
        while (isSound && report.Rounds < options.Rounds && !feeds.AreAtEnd)
        {
            if (kinds.Count == 0) kinds.AddRange(Shuffled());
            report.Rounds++;
            isSound = await RoundAsync(planner.Next(kinds[0]), cancellation);
            kinds.RemoveAt(0);
        }

        if (isSound && report.Rounds < options.Rounds)
            progress($"the files are at their end after round {report.Rounds} of {options.Rounds}");
        if (isSound) await EndAsync(cancellation);
        report.Records = feeds.Acknowledge();
        report.Resent = feeds.Resent;
        report.Journaled = audit.Records;
        report.Elapsed = clock.Elapsed;
        return report;
    }

    public void Dispose()
    {
        gate.Dispose();
        links.Dispose();
        lines.Dispose();
    }

    private FaultKind[] Shuffled()
    {
        FaultKind[] kinds = [.. options.Faults];
        random.Shuffle(kinds);
        return kinds;
    }

    /// <summary>Applies one fault under load; false when a check fails afterwards.</summary>
    private async Task<bool> RoundAsync(Fault fault, CancellationToken cancellation)
    {
        var goal = feeds.Acknowledged + random.Next(options.Records + 1);
        await KeepAsync(() => feeds.Acknowledged >= goal || feeds.AreAtEnd, true, "the feeds got no acks", cancellation);
        feeds.TakeLongestWait();
        lines.Write(0, $"round {report.Rounds}: {fault.Name}, {fault.Detail}");
        var tally = report.Of(fault.Name);
        var act = fault.RunAsync(cancellation);
        await KeepAsync(() => act.IsCompleted, true, $"{fault.Name} did not come to its end", cancellation);
        await act;
        await SettleAsync(tally, cancellation);
        tally.LongestWaits.Add(feeds.TakeLongestWait());
        report.Kills += fault.Kills;
        report.Moves += fault.Moves;

        feeds.Pause();
        await KeepAsync(() => feeds.AreSettled, true, "the feeds did not come to their end", cancellation);
        var safe = feeds.Acknowledge();
        audit.Update();
        var isSound = await IsSoundAsync(cancellation);
        feeds.Resume();
        progress(string.Create(CultureInfo.InvariantCulture, $"round {report.Rounds} of {options.Rounds}: {fault.Name}, {fault.Detail}: "
            + $"{tally.LongestWaits[^1].TotalSeconds:0.0} s; {safe:N0} records are safe"));
        return isSound;
    }

    /// <summary>
    /// Waits until every node works and every feed gets acks from its home node. Restarts nodes that ended by themselves.
    /// </summary>
    private async Task SettleAsync(FaultTally tally, CancellationToken cancellation)
    {
        var isSettled = false;
        while (!isSettled)
        {
            var ready = cluster.Ready.Select(node => node.Number).ToHashSet();
            foreach (var number in Enumerable.Range(1, options.Nodes).Where(number => !ready.Contains(number)))
            {
                tally.EndedByThemselves++;
                var start = StartAsync(number, cancellation);
                await KeepAsync(() => start.IsCompleted, true, $"node {number} did not start", cancellation);
                await start;
            }

            var since = await feeds.GoHomeAsync();
            await KeepAsync(() => !feeds.AreHome || feeds.HaveGotOn(since), false, "a node neither takes part nor ends", cancellation);
            isSettled = feeds.HaveGotOn(since) && cluster.Ready.Count == options.Nodes;
        }
    }

    /// <summary>Pauses all feeds and compares the journal, and one node's states of all symbols, with the witness.</summary>
    private async Task<bool> IsSoundAsync(CancellationToken cancellation)
    {
        if (witness.Fault is not null || witness.Ahead > 0)
        {
            audit.CheckRecords();
            return false;
        }

        return await CheckNodeAsync(cluster.Ready[random.Next(cluster.Ready.Count)], isTold: false, cancellation);
    }

    private async Task<bool> CheckNodeAsync(ClusterMember node, bool isTold, CancellationToken cancellation)
    {
        using var api = new NodeApi(new Uri(node.Http), "");
        var expected = witness.Market.Hash().ToString();
        using var hash = await api.GetAsync("state-hash", cancellation);
        var told = hash.RootElement.GetProperty("state_hash").GetString();
        using var ledger = await api.GetAsync("ledger", cancellation);
        var isBalanced = ledger.RootElement.GetProperty("balanced").GetBoolean();
        if (isTold || told != expected)
        {
            report.Checks.Add(
                new CrashCheck($"node {node.Number} tells the state hash of a backtest of what was sent", told == expected, told ?? ""));
        }
        if (isTold || !isBalanced)
        {
            report.Checks.Add(new CrashCheck(
                $"node {node.Number} tells a ledger that balances", isBalanced,
                $"{ledger.RootElement.GetProperty("sources").GetArrayLength()} sources"));
        }
        return told == expected && isBalanced;
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        progress("all that is left is sent");
        while (options.Files is not null && !feeds.AreAtEnd)
        {
            var before = feeds.Acknowledged;
            await KeepAsync(() => feeds.AreAtEnd || feeds.Acknowledged > before, true, "the feeds did not come to their end", cancellation);
        }

        feeds.Pause();
        await KeepAsync(() => feeds.AreSettled, true, "the feeds did not come to their end", cancellation);
        feeds.Acknowledge();
        report.StateHash = witness.Market.Hash();
        foreach (var node in cluster.Ready) await CheckNodeAsync(node, isTold: true, cancellation);

        await cluster.StopAsync(cancellation);
        var codes = await Task.WhenAll(
            Enumerable.Range(1, options.Nodes).Select(number => cluster.ProcessOf(number).EndAsync(cancellation)));
        Check("all nodes drain and stop", codes.All(code => code == ExitCode.Ok), $"exit codes {string.Join(", ", codes)}");
        Check(
            "nodes that drained told ledgers that balance", lines.Ledgers > 0 && lines.UnbalancedLedgers == 0,
            $"{lines.Ledgers} sources, {lines.UnbalancedLedgers} not balanced");
        Check("no symbol was quarantined", lines.Quarantines == 0, $"{lines.Quarantines} were");
        audit.Update();
        audit.CheckRecords();
        var chains = EventChains.Count(options.Postgres, file);
        var lives = (double)chains.Writers / chains.Symbols;
        Check("each symbol has one chain of events", chains.Broken == 0, FormattableString.Invariant(
            $"{chains.Symbols:N0} symbols, written by {lives:0.0} lives of nodes each, {chains.Broken:N0} with a gap or a repeat"));
        progress("the journal is opened once more");
        await audit.ReopenAsync(report.StateHash);
    }

    private void Check(string name, bool holds, string detail) => report.Checks.Add(new CrashCheck(name, holds, detail));

    private async Task StartAsync(int number, CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                await cluster.StartNodeAsync(number, cancellation);
                return;
            }
            catch (CommandException exception) when (tried < StartsTried)
            {
                report.FailedStarts++;
                lines.Write(0, exception.Message);
                await cluster.EndOf(number);
            }
        }
    }

    /// <summary>Runs the feeds until a condition is true.</summary>
    private async Task KeepAsync(Func<bool> isTrue, bool mayWander, string otherwise, CancellationToken cancellation)
    {
        for (var patience = Stopwatch.StartNew(); !isTrue();)
        {
            if (patience.Elapsed > Timeout)
                throw new CommandException(
                    ExitCode.BadInput, $"round {report.Rounds}: {otherwise}; seed {options.Seed}, logs and data in {options.Data}.");
            await feeds.PollAsync(mayWander, cancellation);
        }
    }
}

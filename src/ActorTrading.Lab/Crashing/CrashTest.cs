using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Journal;
using ActorTrading.Host;
using ActorTrading.Host.Clustering;

namespace ActorTrading.Lab.Crashing;

/// <summary>
/// Kills a node, round after round, while feeds send it a hostile market. Checks after each kill that everything acknowledged is in the
/// journal; at the end, that the node has the state, signals and ledger of a market that was never disturbed.
/// </summary>
internal sealed partial class CrashTest
{
    private const int StartsThatAreKilled = 8; // one start in this many

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly CrashOptions options;
    private readonly Action<string> progress;
    private readonly Random random;
    private readonly IPEndPoint address;
    private readonly CrashWitness witness = new(Plan.Default);
    private readonly CrashReport report;
    private readonly JournalAudit audit;
    private readonly List<CrashFeed> feeds = [];
    private readonly long[] taken;

    public CrashTest(CrashOptions options, int port, Action<string> progress)
    {
        (this.options, this.progress) = (options, progress);
        address = new IPEndPoint(IPAddress.Loopback, port);
        random = new Random((int)(options.Seed % int.MaxValue));
        report = new CrashReport(options);
        taken = new long[options.Feeds];
        audit = new JournalAudit(Path.Combine(options.Data, JournalStore.FileName), witness, report.Checks.Add);
    }

    /// <summary>Runs all rounds.</summary>
    /// <exception cref="CommandException">The node does not start, or makes no progress.</exception>
    public async Task<CrashReport> RunAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            for (var number = 0; number < options.Feeds; number++)
                feeds.Add(new CrashFeed(number, CrashFeed.HostileMarket(number, options.Symbols, options.Seed), address));
            for (var round = 1; round <= options.Rounds && witness.Fault is null; round++)
            {
                progress($"round {round} of {options.Rounds}: {taken.Sum():N0} records are safe");
                await RoundAsync(cancellation);
            }

            if (witness.Fault is null) await EndAsync(cancellation);
            else Check("every acknowledged record is in the journal", false, witness.Fault);
        }
        finally
        {
            foreach (var feed in feeds) await feed.DisposeAsync();
        }

        report.Records = taken.Sum();
        report.Journaled = audit.Records;
        report.Elapsed = clock.Elapsed;
        return report;
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        using var started = StartNode();
        if (taken.Sum() > 0 && random.Next(StartsThatAreKilled) == 0)
        {
            // Kill it during recovery, or before recovery has started.
            await Task.Delay(random.Next(500), cancellation);
            started.Kill();
            report.KillsAtStart++;
            return;
        }

        await ListeningAsync(started, cancellation);
        audit.Update();
        if (random.Next(3) == 0)
        {
            await feeds[random.Next(feeds.Count)].ReplaceClientAsync(random);
            report.ClientsReplaced++;
        }

        var goal = Acknowledged() + random.Next(options.Records + 1);
        for (var patience = Stopwatch.StartNew(); Acknowledged() < goal;)
        {
            if (patience.Elapsed > Timeout) throw Stuck(started, $"no {options.Records:N0} records were acknowledged");
            await Task.Delay(1, cancellation);
        }

        started.Kill();
        report.KillsUnderLoad++;
        Acknowledge();
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        progress("the last start: all that is left is sent");
        using var last = StartNode();
        await ListeningAsync(last, cancellation);
        try
        {
            await Task.WhenAll(feeds.Select(feed => feed.SettleAsync(cancellation))).WaitAsync(Timeout, cancellation);
        }
        catch (TimeoutException)
        {
            throw Stuck(last, "the feeds did not come to their end");
        }

        Acknowledge();
        report.Resent = feeds.Sum(feed => feed.Resent);
        var exitCode = await last.StopAsync(cancellation).WaitAsync(Timeout, cancellation);
        Check(
            "the node drains and stops", exitCode == 0,
            $"exit code {exitCode}{(exitCode == 0 ? "" : ": " + string.Join(" / ", last.Lines.TakeLast(3)))}");
        audit.Update();
        audit.CheckRecords();

        var expected = report.StateHash = witness.Market.Hash();
        var drained = last.Output.Select(line => Drained().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
        Check(
            "the node's state hash is that of a backtest of what was sent", drained == expected.ToString(), drained ?? "none was printed");
        var ledger = last.Output.Where(line => line.StartsWith("ledger ", StringComparison.Ordinal)).ToList();
        Check(
            "the ledger balances", ledger.Count > 0 && ledger.TrueForAll(line => !line.Contains("NOT BALANCED", StringComparison.Ordinal)),
            $"{ledger.Count} sources");
        progress("the journal is opened once more");
        await audit.ReopenAsync(expected);
    }

    private NodeProcess StartNode() => NodeProcess.Start(
        Product.Program, ["--engine", "embedded", "--data", options.Data, "--port", $"{address.Port}", "--http-port", "0"]);

    private async Task ListeningAsync(NodeProcess started, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await started.Listening.WaitAsync(Timeout, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            throw Stuck(started, exception.Message);
        }

        report.Starts.Add(clock.Elapsed);
    }

    private long Acknowledged() => feeds.Sum(feed => feed.Acknowledged);

    /// <summary>Passes the newly acknowledged records to the witness.</summary>
    private void Acknowledge()
    {
        for (var i = 0; i < feeds.Count; i++) feeds[i].TakeUntil(feeds[i].Acknowledged, ref taken[i], witness.Acknowledged);
    }

    private void Check(string name, bool holds, string detail) => report.Checks.Add(new CrashCheck(name, holds, detail));

    private CommandException Stuck(NodeProcess started, string what) =>
        new(
            ExitCode.BadInput,
            [$"{what}; seed {options.Seed}, data in {options.Data}. The node's last words:", .. started.Lines.TakeLast(10)]);

    [GeneratedRegex("drained; state hash ([0-9a-f]{64})")]
    private static partial Regex Drained();
}

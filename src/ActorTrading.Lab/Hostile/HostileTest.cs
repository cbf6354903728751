using System.Text.Json;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Host;
using ActorTrading.Host.Api;
using ActorTrading.Lab.Crashing;

namespace ActorTrading.Lab.Hostile;

/// <summary>
/// Runs a good feed and a good reader, first alone, then beside clients of every hostile kind. At the end, no record or signal of the good
/// clients may be lost or duplicated, and the node may not have grown beyond its limits.
/// </summary>
internal sealed class HostileTest(HostileOptions options, Action<string> progress)
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(2); // to detect continuous growth

    private readonly HostileReport report = new(options);

    /// <summary>Runs both phases.</summary>
    /// <exception cref="CommandException">The node does not start.</exception>
    public async Task<HostileReport> RunAsync(CancellationToken cancellation)
    {
        progress("the node starts");
        using var node = await HostileNode.StartAsync(options, cancellation);
        progress("a long history is sent");
        await node.SendHistoryAsync(options.History, cancellation);
        await using var feed = new GoodFeed(options, node.Victim, Plan.Parse(HostileNode.PlanText));
        var reader = new GoodReader(node.Victim, feed);
        using var watch = new NodeWatch(node);
        using var feeding = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sent = Task.Run(() => feed.RunAsync(feeding.Token), CancellationToken.None);
        var read = Task.Run(() => reader.RunAsync(reading.Token), CancellationToken.None);
        var watched = Task.Run(() => watch.RunAsync(reading.Token), CancellationToken.None);

        progress("the good ones are alone");
        await WarmUpAsync(feed, reader, cancellation);
        var begun = await watch.SampleAsync();
        await RunningAsync(options.Alone, sent, node, cancellation);
        var alone = await watch.SampleAsync();
        report.Alone = Phase("alone", feed, reader, [.. watch.Samples.Where(sample => sample.At >= begun.At)]);

        await BesideAsync(node, sent, cancellation);
        var beside = await watch.SampleAsync();
        report.Beside = Phase("beside", feed, reader, [.. watch.Samples.Where(sample => sample.At >= alone.At)]);

        progress("the good ones come to their end");
        await feeding.CancelAsync();
        await sent;
        await CheckAsync(node, feed, reader, cancellation);
        await reading.CancelAsync();
        await Task.WhenAll(read, watched);
        CheckBounds(begun, alone, beside);
        await CheckStopAsync(node);
        CheckRatio();
        return report;
    }

    /// <summary>Runs the first seconds, which are affected by JIT compilation and belong to no phase.</summary>
    private async Task WarmUpAsync(GoodFeed feed, GoodReader reader, CancellationToken cancellation)
    {
        await Task.Delay(options.Alone / 5 < Settling ? options.Alone / 5 : Settling, cancellation);
        feed.TakeLatencies();
        reader.TakeLatencies();
    }

    private static PhaseFigures Phase(string name, GoodFeed feed, GoodReader reader, IReadOnlyList<NodeSample> samples) =>
        new(name, feed.TakeLatencies(), reader.TakeLatencies(), samples);

    private async Task BesideAsync(HostileNode node, Task sent, CancellationToken cancellation)
    {
        progress($"{options.Kinds.Count} kinds of hostile clients come");
        using var clients = HostileClients.Start(node.Victim, options.Kinds);
        var running = RunningAsync(options.Beside, sent, node, cancellation);
        if (await Task.WhenAny(running, clients.Ended) == running) await running;
        report.Kinds = await clients.StopAsync(WaitTimeout);
    }

    /// <summary>Waits for a time; returns early when the node has ended.</summary>
    private static async Task RunningAsync(TimeSpan time, Task feed, HostileNode node, CancellationToken cancellation)
    {
        var ended = node.Process.EndAsync(cancellation);
        var first = await Task.WhenAny(Task.Delay(time, cancellation), ended, feed.ContinueWith(
            static done => done.IsFaulted ? Task.CompletedTask : Task.Delay(Timeout.Infinite, CancellationToken.None),
            cancellation, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap());
        cancellation.ThrowIfCancellationRequested();
        if (first == ended) throw new CommandException(
            ExitCode.NodeFailed, $"The node has ended with code {await ended}:\n{string.Join('\n', node.Process.Lines.TakeLast(20))}");
    }

    private async Task CheckAsync(HostileNode node, GoodFeed feed, GoodReader reader, CancellationToken cancellation)
    {
        report.Records = feed.Status.Taken;
        report.Signals = feed.Signals.Values.Sum(fired => fired.Count);
        var inTime = await InTimeAsync(() => feed.FlushAsync(cancellation));
        var status = feed.Status;
        Check("every record of the good feed is acknowledged", inTime && status.Acknowledged == status.Taken,
            FormattableString.Invariant(
                $"{status.Acknowledged:N0} of {status.Taken:N0}; connections {status.Connections}, refused {status.Rejected:N0}"));

        using var api = new NodeApi(node.Victim.Api, Victim.WatcherToken);
        await CheckLedgerAsync(api, feed, cancellation);
        await CheckStatesAsync(api, feed, cancellation);
        await InTimeAsync(async () =>
        {
            while (reader.Count < report.Signals) await Task.Delay(50, cancellation);
        });
        CheckSignals(feed, reader);
    }

    private async Task CheckLedgerAsync(NodeApi api, GoodFeed feed, CancellationToken cancellation)
    {
        using var ledger = await api.GetAsync("ledger", cancellation);
        Check("the ledger balances", ledger.RootElement.GetProperty("balanced").GetBoolean(),
            $"{ledger.RootElement.GetProperty("sources").GetArrayLength()} sources");
        var line = ledger.RootElement.GetProperty("sources").EnumerateArray().FirstOrDefault(
            each => each.GetProperty("source").GetString() == Victim.GoodSource);
        if (line.ValueKind != JsonValueKind.Object)
        {
            Check("the ledger of the good feed is that of its market", false, "it has none");
            return;
        }

        var expected = feed.Market.Ledger.Of(Source.Parse(Victim.GoodSource));
        var found = (Of("applied"), Of("late"), Of("rejected"));
        Check("the ledger of the good feed is that of its market", found == (expected.Applied, expected.Late, expected.Rejected),
            FormattableString.Invariant(
                $"applied {found.Item1:N0} of {expected.Applied:N0}, late {found.Item2:N0} of {expected.Late:N0}, ")
            + FormattableString.Invariant($"rejected {found.Item3:N0} of {expected.Rejected:N0}, duplicate {Of("duplicate"):N0}"));

        long Of(string name) => line.GetProperty(name).GetInt64();
    }

    private async Task CheckStatesAsync(NodeApi api, GoodFeed feed, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var state in feed.Market.Symbols)
        {
            count++;
            using var found = await api.GetAsync($"symbols/{Uri.EscapeDataString(state.Symbol.Name)}", cancellation);
            if (found.RootElement.GetProperty("state_hash").GetString() != StateHash.Of(state).ToString()) wrong.Add(state.Symbol.Name);
        }

        Check("each symbol has the state that a market without anybody else comes to", wrong.Count == 0 && count > 0, wrong.Count == 0
            ? $"{count} symbols" : $"not {string.Join(", ", wrong)}");
    }

    private void CheckSignals(GoodFeed feed, GoodReader reader)
    {
        var got = reader.Signals;
        var wrong = feed.Signals.Where(pair => !pair.Value.SequenceEqual(got.GetValueOrDefault(pair.Key) ?? [])).Select(pair => pair.Key);
        var faults = wrong.Concat(got.Keys.Except(feed.Signals.Keys)).ToList();
        var detail = FormattableString.Invariant(
            $"{got.Values.Sum(list => list.Count):N0} of {report.Signals:N0}; connections {reader.Connections}");
        Check("the good reader got every signal once, in its order, and no other", faults.Count == 0 && report.Signals > 0,
            faults.Count == 0 ? detail : $"{detail}; not those of {string.Join(", ", faults)}");
    }

    private void CheckBounds(NodeSample begun, NodeSample alone, NodeSample beside)
    {
        var samples = report.Beside!.Samples;
        var most = samples.Max(sample => sample.Memory);
        Check("memory is bounded", most - alone.Memory <= options.MaxMemory,
            FormattableString.Invariant(
                $"{alone.Memory / 1e6:N0} MB alone, {most / 1e6:N0} MB at most beside; it may grow by {options.MaxMemory / 1e6:N0} MB"));

        var own = (alone.Disk - begun.Disk) / Math.Max(1, alone.At - begun.At) * (beside.At - alone.At) * 1.5;
        var grown = beside.Disk - alone.Disk - Math.Max(0, own);
        Check("the folder is bounded", grown <= options.MaxDisk,
            FormattableString.Invariant(
                $"{alone.Disk / 1e6:N0} MB alone, {beside.Disk / 1e6:N0} MB beside, some {own / 1e6:N0} MB of it the good feed's; ")
            + FormattableString.Invariant($"it may grow by {options.MaxDisk / 1e6:N0} MB"));

        if (options.Beside < LongEnough) return;
        var quarter = samples.Count / 4;
        var second = samples.Skip(quarter).Take(quarter).Average(sample => sample.Memory);
        var last = samples.Skip(3 * quarter).Average(sample => sample.Memory);
        Check("memory does not go on growing", last <= (1.25 * second) + (64 << 20), FormattableString.Invariant(
            $"{second / 1e6:N0} MB in the second quarter of the time, {last / 1e6:N0} MB in the last"));
    }

    private async Task CheckStopAsync(HostileNode node)
    {
        int? code = null;
        var inTime = await InTimeAsync(async () => code = await node.Process.StopAsync(CancellationToken.None));
        Check("the node drains and stops", inTime && code == 0, code == 0 ? "exit code 0"
            : $"exit code {code}: {string.Join(" / ", node.Process.Lines.TakeLast(3))}");
    }

    private void CheckRatio()
    {
        if (options.MaxRatio is not { } most) return;
        Check("the 99th percentiles stay within their bound", report.AckRatio <= most && report.SignalRatio <= most,
            FormattableString.Invariant($"acks {report.AckRatio:N2}, signals {report.SignalRatio:N2}, at most {most:N2}"));
    }

    private static async Task<bool> InTimeAsync(Func<Task> work)
    {
        try
        {
            await work().WaitAsync(WaitTimeout);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Check(string name, bool holds, string detail) => report.Checks.Add(new CrashCheck(name, holds, detail));
}

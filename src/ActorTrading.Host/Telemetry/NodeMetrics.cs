using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using ActorTrading.Connectors;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Telemetry;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Queries;
using ActorTrading.Host.Webhooks;

namespace ActorTrading.Host.Telemetry;

/// <summary>
/// The metrics of a node beyond the engine's own: observable instruments that read current values on collection. All are listed in
/// docs/metrics.md.
/// Long because it lists every metric of a node.
/// </summary>
internal sealed class NodeMetrics
{
    private const string Others = "(others)";

    private readonly Meter meter;
    private readonly Node node;
    private readonly NodeTelemetry watch;

    public NodeMetrics(EngineMeter engine, Node node, NodeTelemetry watch)
    {
        meter = engine.Meter;
        this.node = node;
        this.watch = watch;
        AboutTheNode();
        AboutRecords(engine.Rejections);
        AboutPartitions();
        AboutSignals();
        AboutQueries();
        AboutIngest();
        AboutQuarantine();
        AboutWebhooks();
        AboutConnectors();
        AboutSymbols();
    }

    private void AboutTheNode()
    {
        var started = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        Gauge("build.info", null, "Always 1; the labels contain the running version.", () =>
            [One(
                1, ("version", BuildInfo.Version), ("runtime", RuntimeInformation.FrameworkDescription),
                ("plan", node.Plan.Hash.ToString()))]);
        Gauge("start.time", "s", "Start time of the node, in seconds since 1970.", () => [One(started)]);
        Gauge("node.phase", null, "1 for the current phase of the node, 0 for the others.", () =>
            Enum.GetValues<NodePhase>().Select(phase => One(phase == node.Phase ? 1 : 0, ("phase", phase.ToString().ToLowerInvariant()))));
        Gauge("reading.age", "s", "Age of the last answer of the partitions: ledger and symbol metrics.", () =>
            watch.Reader.Age is { } age ? [One(age.TotalSeconds)] : []);
        Gauge(
            "recovery.duration", "s", "Duration of the last recovery.",
            () => Recovery is { } report ? [One(report.Elapsed.TotalSeconds)] : []);
        Gauge(
            "recovery.events", "{event}", "Events that the last recovery replayed.",
            () => Recovery is { } report ? [One(report.Events)] : []);
        Gauge("recovery.records", "{record}", "Records in them.", () => Recovery is { } report ? [One(report.Records)] : []);
        Gauge("recovery.unused.snapshots", "{snapshot}", "Snapshots that the last recovery could not use.", () =>
            Recovery is { } report ? [One(report.SnapshotsUnused.Count)] : []);
        Gauge("journal.size", "By", "Bytes of the journal's files; absent if it is on a server.", JournalSize);
        Gauge(
            "disk.free", "By", "Free bytes on the fullest volume that the node writes to; absent if ingest:min_free_disk is 0.",
            () => node.Disk?.Free is { } free ? [One(free)] : []);
        Gauge(
            "disk.low", null, "1 while the node accepts no records because its disk is nearly full, otherwise 0.",
            () => node.Disk is { } disk ? [One(disk.IsLow ? 1 : 0)] : []);
        Gauge(
            "audit.up", null, "1 if the audit log can be written, 0 if not: then changes are refused.",
            () => [One(node.Audit.Problem is null ? 1 : 0)]);
        Gauge("retention.up", null, "1 if the last deletion of old events and snapshots succeeded, or none was due, 0 if not.", () =>
            node.Hosting is { } engine ? [One(engine.RetentionFailure is null ? 1 : 0)] : []);
        Counter(
            "log.suppressed", "{event}", "Events that were not logged because there were too many of their kind.",
            () => [One(watch.Logger.Suppressed)]);
    }

    private void AboutRecords(RejectionCounts rejections)
    {
        BySource("received", "Received records and unreadable inputs.", static line => line.Received);
        BySource("applied", "Records folded in time.", static line => line.Applied);
        BySource("late", "Records folded after their bar had closed.", static line => line.Late);
        BySource("duplicate", "Records already received before.", static line => line.Duplicate);
        BySource("rejected", "Rejected records and inputs.", static line => line.Rejected);
        BySource(
            "rounded", "Applied and late records with a number that was rounded to the instrument's unit.",
            static line => line.Rounded);
        Counter("rejections", "{record}", "Rejected records and inputs, by reason.", () =>
            RejectReasons.All.Select(reason => One(rejections.Of(reason), ("reason", reason.Name()))));
    }

    private void AboutPartitions()
    {
        Counter("partition.records", "{record}", "Records folded.", () => ByPartition(static partition => partition.Records));
        Gauge("partition.waiting", "{record}", "Records waiting to be judged.", () => ByPartition(static partition => partition.Waiting));
        Gauge("partition.symbols", "{symbol}", "Symbols hosted.", () => ByPartition(static partition => partition.Symbols));
        Gauge("partition.lag", "s", "Age of the oldest waiting record.", () =>
            Partitions.Select(partition => One(partition.Lag.TotalSeconds, ("partition", partition.Number))));
        Gauge(
            "engine.waiting.batches", "{batch}", "Batches that wait for admission by the engine.",
            () => node.Hosting is { } engine ? [One(engine.WaitingBatches)] : []);
    }

    private void AboutSignals()
    {
        Counter(
            "signals", "{signal}", "Signals logged.",
            () => node.Hosting is { } engine ? [One(Math.Max(0, engine.LastSignal - node.Recovery.Signals))] : []);
        Gauge(
            "signals.position", null, "Position of the last signal in the log.",
            () => node.Hosting is { } engine ? [One(engine.LastSignal)] : []);
        Gauge("signals.log.up", null, "1 when signals can be logged, 0 when an entry of the log is missing or damaged.", () =>
            node.Hosting is { } engine ? [One(engine.SignalLogFault is null ? 1 : 0)] : []);
        Gauge(
            "subscribers", "{subscriber}", "Current subscribers.",
            () => watch.Subscribers.All.Select(static kind => One(kind.Count, ("kind", kind.Kind))));
        Gauge("subscribers.lag", "{signal}", "Signals of the log not yet sent to the slowest subscriber.", () =>
            watch.Subscribers.All.Select(static kind => One(kind.Lag, ("kind", kind.Kind))));
        Counter("subscribers.missed", "{event}", "Live events dropped for slow subscribers.", () =>
            watch.Subscribers.All.Select(static kind => One(kind.Missed, ("kind", kind.Kind))));
    }

    private void AboutQueries()
    {
        Gauge("queries.running", "{query}", "Running queries of the journal.", () => [One(node.Queries.Running)]);
        Gauge("queries.waiting", "{query}", "Queries that wait for execution.", () => [One(node.Queries.Waiting)]);
        Counter("queries.refused", "{query}", "Refused queries, by limit.", () =>
            Enum.GetValues<QueryLimit>().Select(limit => One(node.Queries.Refused(limit), ("limit", limit.ToString().ToLowerInvariant()))));
        Counter("queries.timed.out", "{query}", "Queries that were ended by their timeout.", () => [One(node.Queries.TimedOut)]);
    }

    private void AboutIngest()
    {
        Gauge(
            "ingest.open.connections", "{connection}", "Open TCP connections.",
            () => Totals is { } totals ? [One(totals.Open)] : []);
        Counter(
            "ingest.connections", "{connection}", "Accepted TCP connections.",
            () => Totals is { } totals ? [One(totals.Connections)] : []);
        Counter(
            "ingest.turned.away", "{connection}", "TCP connections refused because of a limit.",
            () => Totals is { } totals ? [One(totals.TurnedAway)] : []);
        Gauge("pending.connections", "{connection}", "Pending connections: not yet identified, by port.", () =>
            ByPort(static totals => totals.Pending, static pending => pending.Count));
        Counter("pending.evicted", "{connection}", "Pending connections closed in favour of others.", () =>
            ByPort(static totals => totals.Evicted, static pending => pending.Evicted));
        Counter("ingest.bytes", "By", "Bytes over TCP, in and out.", () =>
            Totals is { } totals ? [One(totals.BytesIn, ("direction", "in")), One(totals.BytesOut, ("direction", "out"))] : []);
        Gauge("ingest.known.symbols", "{symbol}", "Symbols that count against ingest:max_symbols.", () =>
            node.Ingest.Pipeline?.KnownSymbols is { } known ? [One(known)] : []);
        Counter(
            "ingest.delayed.batches", "{batch}", "Batches that waited, or were not accepted, because of a caller's quota.",
            () => [One(node.Ingest.Delayed)]);
        Counter("ingest.acks", "{ack}", "Ack lines sent.", () => Totals is { } totals ? [One(totals.Acks)] : []);
        Counter(
            "ingest.connection.ends", "{connection}",
            "TCP connections that ended, by the code of the error; none if the client ended it.",
            () => watch.Ends.All.Select(static end => One(end.Value, ("code", end.Key))));
    }

    private void AboutQuarantine()
    {
        Counter(
            "quarantine.kept", "{record}", "Rejects made durable in the quarantine.",
            () => Quarantine is { } quarantine ? [One(quarantine.Kept)] : []);
        Gauge(
            "quarantine.waiting", "{record}", "Rejects that are not durable yet.",
            () => Quarantine is { } quarantine ? [One(quarantine.Waiting)] : []);
        Gauge("quarantine.size", "By", "Bytes of the quarantine.", () => Quarantine is { } quarantine ? [One(quarantine.Bytes)] : []);
        Counter(
            "quarantine.dropped.files", "{file}", "Files deleted because of the size limit.",
            () => Quarantine is { } quarantine ? [One(quarantine.DroppedFiles)] : []);
        Gauge(
            "quarantine.up", null, "1 if rejections can be written to disk, 0 if not.",
            () => Quarantine is { } quarantine ? [One(quarantine.Problem is null ? 1 : 0)] : []);
    }

    private void AboutWebhooks()
    {
        Gauge(
            "webhook.up", null, "1 if the last attempt succeeded, 0 if it failed.",
            () => ByWebhook(static webhook => webhook.Fault is null ? 1 : 0));
        Gauge(
            "webhook.waiting", "{signal}", "Signals of the log that it has not processed yet.",
            () => ByWebhook(static webhook => webhook.Waiting));
        Counter("webhook.attempts", "{request}", "Requests sent.", () => ByWebhook(static webhook => webhook.Attempts));
        Counter(
            "webhook.failures", "{request}", "Requests that failed or were refused.", () => ByWebhook(static webhook => webhook.Failures));
        Counter("webhook.delivered", "{signal}", "Signals delivered.", () => ByWebhook(static webhook => webhook.Delivered));
        Counter(
            "webhook.dead.letters", "{signal}", "Signals that the receiver permanently refuses.",
            () => ByWebhook(static webhook => webhook.DeadLetters));
        Counter(
            "webhook.cursor.failures", "{failure}", "Positions that could not be stored.",
            () => ByWebhook(static webhook => webhook.CursorFailures));
    }

    private void AboutConnectors()
    {
        Gauge("connector.connected", null, "1 while it is connected, or leaves the work to another node, 0 while it connects.", () =>
            ByConnector(static connector => connector.Phase is ConnectorPhase.Running or ConnectorPhase.Standby ? 1 : 0));
        Gauge("connector.lag", "{message}", "Messages that wait in the source system; absent if unknown.", () =>
            ByConnector(static connector => connector.Lag));
        Counter(
            "connector.messages", "{message}", "Messages handled and durable.", () => ByConnector(static connector => connector.Messages));
        Counter("connector.rejected", "{message}", "Of those, messages with a rejected record.", () =>
            ByConnector(static connector => connector.Rejected));
        Counter(
            "connector.skipped", "{message}", "In addition, messages without content.",
            () => ByConnector(static connector => connector.Skipped));
        Counter(
            "connector.lost", "{message}", "Messages that the external system deleted before they were processed.",
            () => ByConnector(static connector => connector.Lost));
        Counter("connector.errors", "{error}", "Failures of the connection.", () => ByConnector(static connector => connector.Errors));
        Counter("connector.events", "{event}", "Other events that its kind counts.", () => Connectors.SelectMany(EventsOf));
    }

    private static IEnumerable<Measurement<double>> EventsOf(ConnectorStatus connector) => connector.Events.Select(
        one => One(one.Value, ("connector", connector.Name), ("kind", connector.Kind), ("event", one.Key)));

    private void AboutSymbols()
    {
        Gauge("symbol.price", null, "Last price.", () =>
            Symbols.Where(HasPrice).Select(symbol => One(PriceOf(symbol), ("symbol", symbol.Symbol))));
        Gauge("symbol.last.time", "s", "Timestamp of the last price, in seconds since 1970.", () =>
            Symbols.Where(HasPrice).Select(static symbol => One(symbol.LastTime.Nanoseconds / 1e9, ("symbol", symbol.Symbol))));
        Counter("symbol.bars", "{bar}", "Bars closed.", () =>
            Symbols.SelectMany(static symbol => symbol.Frames.Where(static frame => frame.Frame != Frame.Tick).Select(frame =>
                One(frame.Bars, ("symbol", symbol.Symbol), ("frame", frame.Frame.Name())))));
        Gauge("indicator.value", null, "Indicators of the last closed bar, those that have a value.", Indicators);
        Gauge(
            "symbols.left.out", "{symbol}", "Symbols without their own metrics, beyond the limit.",
            () => [One(watch.Reader.Current.SymbolsLeftOut)]);
    }

    private IEnumerable<Measurement<double>> ByPort(Func<IngestTotals, long> ticks, Func<PendingConnections, long> http)
    {
        if (Totals is { } totals) yield return One(ticks(totals), ("port", "tcp"));
        yield return One(http(node.Security.Pending), ("port", "http"));
    }

    private static bool HasPrice(SymbolReading symbol) => symbol.LastTime != Timestamp.MinValue;

    private double PriceOf(SymbolReading symbol) =>
        FixedPoint.ToDouble(symbol.LastPrice, watch.Reader.Current.Plan.For(symbol.Symbol).Units.PriceDecimals);

    private IEnumerable<Measurement<double>> Indicators()
    {
        var reading = watch.Reader.Current;
        foreach (var symbol in reading.Symbols)
        {
            var columns = reading.Plan.For(symbol.Symbol).Columns;
            foreach (var frame in symbol.Frames)
            {
                // 'ema(100)' and 'ema(100)@tick' are two columns with the same value for ticks.
                var shown = new HashSet<string>();
                for (var i = 0; i < columns.Count; i++)
                {
                    if (double.IsNaN(frame.Values[i]) || !shown.Add(columns[i].Spec.ValueName)) continue;
                    yield return One(
                        frame.Values[i], ("symbol", symbol.Symbol), ("frame", frame.Frame.Name()),
                        ("indicator", columns[i].Spec.ValueName));
                }
            }
        }
    }

    private IEnumerable<Measurement<double>> JournalSize()
    {
        if (node.Journal?.Location is not { } path) return [];
        var files = new[] { path, path + "-wal", path + "-shm" }
            .Select(static name => new FileInfo(name)).Where(static file => file.Exists).ToList();
        return files.Count == 0 ? [] : [One(files.Sum(static file => file.Length))];
    }

    private IReadOnlyList<SymbolReading> Symbols => watch.Reader.Current.Symbols;

    private RecoveryReport? Recovery => node.Hosting?.Recovery;

    private IngestTotals? Totals => node.Ingest.Listener?.Totals;

    private QuarantineStatus? Quarantine => node.Ingest.Pipeline?.Rejects.Quarantine;

    private IReadOnlyList<ConnectorStatus> Connectors => node.Connectors?.Status ?? [];

    private IReadOnlyList<PartitionStatus> Partitions => node.Hosting?.Partitions ?? [];

    private IEnumerable<Measurement<double>> ByPartition(Func<PartitionStatus, long> value) =>
        Partitions.Select(partition => One(value(partition), ("partition", partition.Number)));

    private IEnumerable<Measurement<double>> ByWebhook(Func<WebhookStatus, long> value) =>
        (node.Webhooks?.Status ?? []).Select(webhook => One(value(webhook), ("webhook", webhook.Name)));

    private IEnumerable<Measurement<double>> ByConnector(Func<ConnectorStatus, long?> value)
    {
        foreach (var connector in Connectors)
        {
            if (value(connector) is not { } shown) continue;
            yield return One(
                shown, ("connector", connector.Name), ("kind", connector.Kind),
                ("direction", connector.Direction.ToString().ToLowerInvariant()));
        }
    }

    private void BySource(string outcome, string description, Func<LedgerLine, long> value) =>
        Counter($"records.{outcome}", "{record}", description, () =>
        {
            var lines = watch.Reader.Current.Ledger;
            var shown = lines.Take(watch.Options.Sources).Select(line => One(value(line), ("source", line.Source.Name)));
            return lines.Count <= watch.Options.Sources
                ? shown
                : shown.Append(One(lines.Skip(watch.Options.Sources).Sum(value), ("source", Others)));
        });

    private void Gauge(string name, string? unit, string description, Func<IEnumerable<Measurement<double>>> observe) =>
        meter.CreateObservableGauge($"actortrading.{name}", observe, unit, description);

    private void Counter(string name, string unit, string description, Func<IEnumerable<Measurement<double>>> observe) =>
        meter.CreateObservableCounter($"actortrading.{name}", observe, unit, description);

    private static Measurement<double> One(double value, params ReadOnlySpan<(string Key, object Value)> labels)
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var i = 0; i < tags.Length; i++)
            tags[i] = new(labels[i].Key, labels[i].Value is Symbol symbol ? symbol.Name : labels[i].Value);
        return new Measurement<double>(value, tags);
    }
}

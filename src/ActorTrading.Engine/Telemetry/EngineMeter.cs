using System.Diagnostics.Metrics;

namespace ActorTrading.Engine.Telemetry;

/// <summary>
/// Metrics of an engine. Updated once per commit or batch, never per record; all other values are read from the engine on request. The
/// instruments belong to <see cref="Meter"/>, to which a node adds its own. Thread-safe.
/// </summary>
public sealed class EngineMeter : IDisposable
{
    /// <summary>The name of the meter for listeners and exporters.</summary>
    public const string Name = "ActorTrading";

    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<long> Counts = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536],
    };

    private static readonly InstrumentAdvice<long> Sizes = new()
    {
        HistogramBucketBoundaries = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26],
    };

    private readonly Histogram<double> commitDuration;
    private readonly Histogram<long> commitEvents;
    private readonly Histogram<long> commitBytes;
    private readonly Histogram<double> answerDuration;
    private readonly Histogram<double> queryDuration;
    private long snapshots;
    private long failedCommits;
    private long failedDeletions;

    /// <summary>Creates its own meter; a listener for one node distinguishes it from the meters of others by reference.</summary>
    public EngineMeter()
    {
        Meter = new Meter(Name);
        commitDuration = Meter.CreateHistogram(
            "actortrading.journal.commit.duration", "s", "Time that a commit took to become durable.", advice: Durations);
        commitEvents = Meter.CreateHistogram("actortrading.journal.commit.events", "{event}", "Events in a commit.", advice: Counts);
        commitBytes = Meter.CreateHistogram(
            "actortrading.journal.commit.size", "By", "Bytes of events and snapshots in a commit.", advice: Sizes);
        Meter.CreateObservableCounter(
            "actortrading.journal.snapshots", () => Interlocked.Read(ref snapshots), "{snapshot}", "Snapshots written.");
        Meter.CreateObservableCounter("actortrading.journal.failures", Failures, "{failure}", "Commits and deletions that failed.");
        answerDuration = Meter.CreateHistogram(
            "actortrading.ingest.answer.duration", "s", "Time from the arrival of a batch until it was durable and could be answered.",
            advice: Durations);
        queryDuration = Meter.CreateHistogram(
            "actortrading.queries.duration", "s",
            "Duration of a query of the journal, without its wait, to its end or to the start of its answer.", advice: Durations);
    }

    /// <summary>The meter of the instruments.</summary>
    public Meter Meter { get; }

    /// <summary>Counts of rejections by reason.</summary>
    public RejectionCounts Rejections { get; } = new();

    /// <summary>Durations of the commits of the last minute.</summary>
    public RecentDurations Commits { get; } = new(TimeProvider.System);

    /// <summary>Records a durable commit.</summary>
    public void Committed(TimeSpan took, int events, int snapshotsIn, long bytes)
    {
        Commits.Add(took);
        commitDuration.Record(took.TotalSeconds);
        commitEvents.Record(events);
        commitBytes.Record(bytes);
        Interlocked.Add(ref snapshots, snapshotsIn);
    }

    /// <summary>Counts a durable snapshot that was written outside the commits.</summary>
    public void SnapshotTaken() => Interlocked.Increment(ref snapshots);

    /// <summary>Counts a failed commit.</summary>
    public void CommitFailed() => Interlocked.Increment(ref failedCommits);

    /// <summary>Counts a failed deletion of old events and snapshots.</summary>
    public void DeletionFailed() => Interlocked.Increment(ref failedDeletions);

    /// <summary>Records the response time of a batch from a listener (<c>tcp</c>, <c>http</c>).</summary>
    public void Answered(string listener, TimeSpan took) =>
        answerDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("door", listener));

    /// <summary>Records a finished query of the journal; the operation is one of a few fixed words.</summary>
    public void Queried(string operation, TimeSpan took) =>
        queryDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));

    /// <summary>Removes the instruments from all listeners.</summary>
    public void Dispose() => Meter.Dispose();

    private IEnumerable<Measurement<long>> Failures() =>
    [
        new(Interlocked.Read(ref failedCommits), new KeyValuePair<string, object?>("operation", "commit")),
        new(Interlocked.Read(ref failedDeletions), new KeyValuePair<string, object?>("operation", "delete")),
    ];
}

using ActorTrading.Engine.Nodes;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>
/// The rejected input of a node: stored in the quarantine, listed for queries, and passed to live readers. Thread-safe.
/// </summary>
public sealed class RejectLog
{
    private readonly IngestPipelineOptions options;
    private readonly Quarantine? quarantine;
    private readonly RecentRejects recent = new();
    private readonly Lock gate = new(); // guards changes of the readers
    private RejectReader[] readers = [];

    internal RejectLog(IngestPipelineOptions options)
    {
        this.options = options;
        if (options.Folder is { } folder) quarantine = new Quarantine(Path.Combine(folder, "quarantine"), options);
    }

    /// <summary>Status of the quarantine; null if there is none.</summary>
    public QuarantineStatus? Quarantine => quarantine?.Status;

    /// <summary>The position after the last rejection in the quarantine; the beginning if there is no quarantine.</summary>
    public QuarantinePlace QuarantineEnd => quarantine?.End ?? default;

    /// <summary>
    /// The newest rejections since the start that match the filter, newest first, each after it is durable; at most the last 1,000. The
    /// quarantine contains older ones.
    /// </summary>
    public IReadOnlyList<KeptReject> Recent(RejectFilter filter) => recent.Read(filter);

    /// <summary>
    /// New rejections from now on, each after it is durable. A slow reader loses the oldest unread ones and receives the number of lost
    /// ones.
    /// </summary>
    public IAsyncEnumerable<LiveReject> LiveAsync(CancellationToken cancellation = default)
    {
        var reader = new RejectReader(options.LiveBuffer);
        lock (gate) readers = [.. readers, reader]; // register now, not when the first rejection is requested
        return ReadAsync();

        async IAsyncEnumerable<LiveReject> ReadAsync()
        {
            try
            {
                await foreach (var reject in reader.ReadAsync(cancellation).ConfigureAwait(false)) yield return reject;
            }
            finally
            {
                lock (gate) readers = [.. readers.Where(other => other != reader)];
            }
        }
    }

    /// <summary>
    /// Lines of the quarantine after a position (default: all existing ones), each after it is durable, then new lines until the pipeline
    /// is disposed. Lines of deleted files are missing. Empty if there is no quarantine.
    /// </summary>
    public IAsyncEnumerable<QuarantineLine> ReadAsync(QuarantinePlace after, CancellationToken cancellation = default) =>
        quarantine?.ReadAsync(after, cancellation) ?? AsyncEnumerable.Empty<QuarantineLine>();

    /// <summary>Waits until the quarantine has room for that many rejections, and reserves it.</summary>
    /// <exception cref="QuarantineException">The quarantine is closed.</exception>
    internal ValueTask EnterAsync(int count, CancellationToken cancellation) =>
        quarantine?.EnterAsync(count, cancellation) ?? ValueTask.CompletedTask;

    /// <summary>Keeps rejections for which there is room. Completes when they are durable.</summary>
    internal async Task KeepAsync(List<Reject> rejects)
    {
        if (quarantine is not null) await quarantine.KeepAsync(rejects).ConfigureAwait(false);
        recent.Add(rejects);
        foreach (var reader in Volatile.Read(ref readers))
        {
            foreach (var reject in rejects) reader.Offer(reject);
        }
    }

    /// <summary>Writes the last rejections and ends. Those that the disk does not accept now are discarded.</summary>
    internal async Task CloseAsync()
    {
        if (quarantine is not null) await Task.Run(quarantine.Dispose).ConfigureAwait(false);
        lock (gate)
        {
            foreach (var reader in readers) reader.End();
        }
    }
}

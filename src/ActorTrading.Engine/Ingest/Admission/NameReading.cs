namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>
/// Reads the names that the engine knows: before the first new name, and again when there seem to be too many, since names may have been
/// deleted. Reads at most once a second, and for at most a twentieth of the time. Thread-safe.
/// </summary>
internal sealed class NameReading<T>(
    NameRegistry<T> registry, Func<CancellationToken, Task<IReadOnlyCollection<T>>> read, TimeProvider time)
    where T : class
{
    private const int PauseByDuration = 20;

    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task? underWay;
    private long ended;
    private TimeSpan pause;

    /// <summary>Whether the names have been read at least once.</summary>
    public bool HasRead { get; private set; }

    /// <summary>Called when known names were deleted.</summary>
    public Action? OnGone { get; init; }

    /// <summary>Reads the names, or waits for the reading in progress; returns at once if the last reading is recent.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        Task current;
        lock (gate)
        {
            if (HasRead && underWay is null && time.GetElapsedTime(ended) < pause) return;
            current = underWay ??= Task.Run(ReadOnceAsync, CancellationToken.None);
        }

        await current.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task ReadOnceAsync()
    {
        var begun = time.GetTimestamp();
        try
        {
            var number = registry.BeginReading();
            var names = await read(CancellationToken.None).ConfigureAwait(false);
            if (registry.EndReading(names, number)) OnGone?.Invoke();
            lock (gate) HasRead = true;
        }
        finally
        {
            lock (gate)
            {
                ended = time.GetTimestamp();
                pause = time.GetElapsedTime(begun, ended) * PauseByDuration;
                if (pause < LeastPause) pause = LeastPause;
                underWay = null;
            }
        }
    }
}

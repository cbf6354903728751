namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>
/// Checks once a second how much space is free on the volumes of a node. The space is low below the mark, until at least 9/8 of the mark is
/// free again. Thread-safe.
/// </summary>
public sealed class DiskWatch : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<string> folders;
    private readonly long mark;
    private readonly Func<string, long> freeOf;
    private readonly Lock gate = new();
    private readonly ITimer? timer;
    private TaskCompletionSource? roomAgain; // not null: the space is low

    /// <summary>Checks at once, and then once a second.</summary>
    /// <param name="folders">One folder of each volume.</param>
    /// <param name="mark">Bytes that must stay free; 0: never low, and no checks.</param>
    /// <param name="freeOf">Returns the free bytes on the volume of a folder; by default from the system.</param>
    /// <param name="time">The clock; by default the system clock.</param>
    public DiskWatch(IReadOnlyList<string> folders, long mark, Func<string, long>? freeOf = null, TimeProvider? time = null)
    {
        (this.folders, this.mark, this.freeOf) = (folders, mark, freeOf ?? Available);
        if (mark <= 0) return;
        Check();
        timer = (time ?? TimeProvider.System).CreateTimer(_ => Check(), null, PollInterval, PollInterval);
    }

    /// <summary>
    /// Called when the space becomes low (true) and when there is room again (false), with the number of free bytes. Must not throw.
    /// </summary>
    public Action<bool, long>? OnChange { get; set; }

    /// <summary>Whether less space is free than the mark.</summary>
    public bool IsLow => Volatile.Read(ref roomAgain) is not null;

    /// <summary>Number of bytes that must stay free.</summary>
    public long Mark => mark;

    /// <summary>Free bytes at the last check, on the volume with the least free space; null if unknown.</summary>
    public long? Free { get; private set; }

    /// <summary>Waits until there is room on the disk.</summary>
    public Task RoomAsync(CancellationToken cancellation) =>
        Volatile.Read(ref roomAgain)?.Task.WaitAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>Checks now.</summary>
    public void Check()
    {
        bool? turned = null;
        long free;
        lock (gate)
        {
            if (Least() is not { } least) return; // a volume that cannot be read is ignored
            Free = free = least;
            if (roomAgain is null && free < mark)
            {
                Volatile.Write(ref roomAgain, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                turned = true;
            }
            else if (roomAgain is { } waiting && free >= mark + (mark / 8))
            {
                Volatile.Write(ref roomAgain, null);
                waiting.SetResult();
                turned = false;
            }
        }

        if (turned is { } isLow) OnChange?.Invoke(isLow, free);
    }

    /// <summary>Stops checking. Callers that wait for room continue to wait until their own cancellation.</summary>
    public void Dispose() => timer?.Dispose();

    private static long Available(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    private long? Least()
    {
        try
        {
            return folders.Min(freeOf);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Looks once a second how much room is left on the volumes that a node writes to. Below the mark it is low, until
/// there is an eighth more than the mark. Safe for any number of threads.
/// </summary>
public sealed class DiskWatch : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<string> folders;
    private readonly long mark;
    private readonly Func<string, long> freeOf;
    private readonly Lock gate = new();
    private readonly ITimer? timer;
    private TaskCompletionSource? roomAgain; // not null: it is low

    /// <summary>Looks at once, and then each second.</summary>
    /// <param name="folders">One folder of each volume.</param>
    /// <param name="mark">How many bytes are to stay free; 0: it is never low, and nobody looks.</param>
    /// <param name="freeOf">How many bytes are free on the volume of a folder; by default as the system says.</param>
    /// <param name="time">The clock; by default the system's.</param>
    public DiskWatch(IReadOnlyList<string> folders, long mark, Func<string, long>? freeOf = null, TimeProvider? time = null)
    {
        (this.folders, this.mark, this.freeOf) = (folders, mark, freeOf ?? Available);
        if (mark <= 0) return;
        Look();
        timer = (time ?? TimeProvider.System).CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    /// <summary>
    /// Told when it becomes low (true) and when there is room again (false), with the bytes that are free. Must not
    /// throw.
    /// </summary>
    public Action<bool, long>? OnChange { get; set; }

    /// <summary>Whether less is free than the mark says.</summary>
    public bool IsLow => Volatile.Read(ref roomAgain) is not null;

    /// <summary>How many bytes must be free.</summary>
    public long Mark => mark;

    /// <summary>How many bytes were free when it was last looked at, on the fullest volume; null where that is not known.</summary>
    public long? Free { get; private set; }

    /// <summary>Waits until there is room.</summary>
    public Task RoomAsync(CancellationToken cancellation) =>
        Volatile.Read(ref roomAgain)?.Task.WaitAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>Looks at once.</summary>
    public void Look()
    {
        bool? turned = null;
        long free;
        lock (gate)
        {
            if (Least() is not { } least) return; // what cannot be read says nothing
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

    /// <summary>Looks no more; whoever waits for room goes on waiting until its own cancellation.</summary>
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

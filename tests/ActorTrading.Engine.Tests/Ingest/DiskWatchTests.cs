using ActorTrading.Engine.Ingest.Admission;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>When a disk is low, and when it is not any more.</summary>
public sealed class DiskWatchTests
{
    private readonly ManualTime time = new();
    private readonly Dictionary<string, long> free = new() { ["data"] = 5_000, ["journal"] = 5_000 };

    [Fact]
    public void FullestVolumeCounts_AndALittleAboveTheMarkIsNotEnough()
    {
        var turns = new List<(bool IsLow, long Free)>();
        using var disk = new DiskWatch(["data", "journal"], mark: 800, folder => free[folder], time)
        {
            OnChange = (isLow, bytes) => turns.Add((isLow, bytes)),
        };
        foreach (var bytes in new[] { 900, 800, 799, 700, 800, 899, 900, 850, 799 })
        {
            free["journal"] = bytes;
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(bytes, disk.Free);
        }

        Assert.Equal([(true, 799), (false, 900), (true, 799)], turns);
    }

    [Fact]
    public async Task WhoeverWaits_GoesOnWhenThereIsRoom_OrIsCancelled()
    {
        free["data"] = 1;
        using var disk = new DiskWatch(["data"], mark: 800, folder => free[folder], time);
        Assert.True(disk.IsLow); // at once, not a second later
        using var given = new CancellationTokenSource();
        var (waiting, cancelled) = (disk.RoomAsync(default), disk.RoomAsync(given.Token));
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(waiting.IsCompleted);
        free["data"] = 900;
        time.Advance(TimeSpan.FromSeconds(1));
        await waiting;
        await disk.RoomAsync(default);
    }

    [Fact]
    public void VolumeThatCannotBeRead_LeavesItAsItWas()
    {
        var isGone = false;
        using var disk = new DiskWatch(["data"], mark: 800, folder => isGone ? throw new IOException("gone") : free[folder], time);
        isGone = true;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((false, 5_000L), (disk.IsLow, disk.Free));
    }

    [Fact]
    public void WithoutAMark_NobodyLooks()
    {
        using var disk = new DiskWatch(["data"], mark: 0, _ => throw new InvalidOperationException("it looked"), time);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(disk.IsLow);
        Assert.Null(disk.Free);
    }

    [Fact]
    public void SystemSaysHowMuchIsFree()
    {
        using var folder = new TemporaryFolder();
        using var disk = new DiskWatch([folder.Path], mark: 1, time: time);
        Assert.True(disk.Free > 0);
        Assert.False(disk.IsLow);
        using var never = new DiskWatch([folder.Path], mark: long.MaxValue / 2, time: time);
        Assert.True(never.IsLow);
    }
}

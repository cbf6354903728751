namespace ActorTrading.Engine.Tests;

public class AdmissionQueueTests
{
    private static readonly EngineStoppedException Why = new("draining");

    private readonly Lock sync = new();
    private readonly List<int> inside = [];
    private readonly AdmissionQueue<Batch> line;
    private int room = 10;

    public AdmissionQueueTests() => line = new AdmissionQueue<Batch>(sync, batch => batch.Size <= room, Admit);

    [Fact]
    public async Task ABatchThereIsRoomFor_IsInAtOnce_AndBringsItsAnswer()
    {
        var batch = new Batch(4);
        var entering = Enter(batch);
        Assert.True(entering.IsCompletedSuccessfully);
        Assert.Same(batch.Completion, (await entering).Durable);
        Assert.Equal([4], inside);
    }

    [Fact]
    public async Task ASmallBatch_DoesNotOvertakeALargeOne()
    {
        var large = Enter(new Batch(12));
        var small = Enter(new Batch(1));
        Assert.False(small.IsCompleted);
        Assert.Equal(2, line.Count);

        MakeRoom(3);
        await large;
        await small;
        Assert.Equal([12, 1], inside);
    }

    [Fact]
    public async Task ABatchThatGivesUp_LetsTheNextOnesIn()
    {
        using var cancellation = new CancellationTokenSource();
        var large = line.EnterAsync(new Batch(12), cancellation.Token).AsTask();
        var small = Enter(new Batch(1));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small;
        Assert.Equal([1], inside);
        Assert.Equal(0, line.Count);
    }

    [Fact]
    public async Task ABatchThatIsInside_IsNotTakenOutByACancellation()
    {
        using var cancellation = new CancellationTokenSource();
        var entering = line.EnterAsync(new Batch(12), cancellation.Token).AsTask();
        MakeRoom(2);
        await entering;
        await cancellation.CancelAsync();
        Assert.Equal([12], inside);
    }

    [Fact]
    public async Task ABatchCancelledBeforeItComes_NeverEnters()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => line.EnterAsync(new Batch(1), new CancellationToken(true)).AsTask());
        Assert.Empty(inside);
    }

    [Fact]
    public async Task AtTheClose_WhoWaitsAndWhoComes_IsTurnedAwayWithTheReason()
    {
        var waiting = Enter(new Batch(12));
        lock (sync) line.Close(Why);
        Assert.True(line.IsClosed);

        Assert.Equal("draining", (await Assert.ThrowsAsync<EngineStoppedException>(() => waiting)).Message);
        Assert.Equal("draining", (await Assert.ThrowsAsync<EngineStoppedException>(() => Enter(new Batch(1)))).Message);
        MakeRoom(100);
        Assert.Empty(inside);
    }

    [Fact]
    public async Task OfTwoReasons_TheFirstStands_UnlessTheLaterIsTheLastWord()
    {
        lock (sync)
        {
            line.Close(Why);
            line.Close(new EngineStoppedException("drained again"));
        }

        Assert.Equal("draining", (await Assert.ThrowsAsync<EngineStoppedException>(() => Enter(new Batch(1)))).Message);
        lock (sync) line.Close(new EngineStoppedException("failed"), isLastWord: true);
        Assert.Equal("failed", (await Assert.ThrowsAsync<EngineStoppedException>(() => Enter(new Batch(1)))).Message);
    }

    [Fact]
    public async Task ManyAtOnce_AllGetIn_AndNeverTooMany()
    {
        room = 5;
        var least = room;
        var all = Enumerable.Range(0, 200).Select(number => Task.Run(async () =>
        {
            await Enter(new Batch(1 + (number % 5)));
            lock (sync) least = Math.Min(least, room);
            MakeRoom(1 + (number % 5));
        }));
        await Task.WhenAll(all);
        Assert.Equal(200, inside.Count);
        Assert.Equal(5, room);
        Assert.True(least >= 0);
    }

    private Task<Admitted<IngestResult>> Enter(Batch batch) => line.EnterAsync(batch, CancellationToken.None).AsTask();

    private void Admit(Batch batch)
    {
        inside.Add(batch.Size);
        room -= batch.Size;
    }

    private void MakeRoom(int more)
    {
        lock (sync)
        {
            room += more;
            line.AdmitWaiting();
        }
    }

    private sealed class Batch(int size) : IAdmitted
    {
        public int Size => size;

        public Task<IngestResult> Completion { get; } = Task.FromResult(new IngestResult(size, 0, 0, []));
    }
}

using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Queries;

namespace ActorTrading.Host.Tests.Web.Queries;

/// <summary>The order in which queries are admitted to the journal.</summary>
public sealed class QueryPoolTests
{
    [Fact]
    public async Task Turns_GoRoundAmongCallers_HoweverManyQueriesOneOfThemHas()
    {
        var pool = Pool(atOnce: 1);
        var first = await pool.EnterAsync("a", null, default);
        var order = new List<string>();
        string[] callers = ["a", "a", "a", "b", "c", "b"];
        var waiting = callers.Select((caller, i) => (Name: $"{caller}{i}", Place: pool.EnterAsync(caller, null, default))).ToList();
        Assert.Equal((1, 6), (pool.Running, pool.Waiting));
        first.Dispose();
        while (waiting.Count > 0)
        {
            var admitted = await Task.WhenAny(waiting.Select(one => one.Place));
            Assert.Equal(1, pool.Running);
            order.Add(waiting.Single(one => one.Place == admitted).Name);
            waiting.RemoveAll(one => one.Place == admitted);
            (await admitted).Dispose();
        }

        Assert.Equal(["a0", "b3", "c4", "a1", "b5", "a2"], order);
        Assert.Equal((0, 0), (pool.Running, pool.Waiting));
    }

    [Fact]
    public async Task CallerWithAFullQueue_IsRefused_WhileOthersWait_UntilTheWholeQueueIsFull()
    {
        var pool = Pool(atOnce: 1, waiting: 3, perCaller: 2);
        using var running = await pool.EnterAsync("a", null, default);
        _ = pool.EnterAsync("a", null, default);
        _ = pool.EnterAsync("a", null, default);
        await RefusedAsync(pool.EnterAsync("a", null, default));
        _ = pool.EnterAsync("b", null, default);
        await RefusedAsync(pool.EnterAsync("b", null, default));
        Assert.Equal((1L, 1L, 3), (pool.Refused(QueryLimit.Caller), pool.Refused(QueryLimit.Node), pool.Waiting));
    }

    [Fact]
    public async Task Quota_CountsWhatRunsAndWhatWaits_AndIsFreeAgainAfterwards()
    {
        var pool = Pool(atOnce: 1);
        var running = await pool.EnterAsync("a", 2, default);
        var second = pool.EnterAsync("a", 2, default);
        await RefusedAsync(pool.EnterAsync("a", 2, default));
        running.Dispose();
        running.Dispose(); // repeated: no effect
        (await second).Dispose();
        (await pool.EnterAsync("a", 1, default)).Dispose();
        Assert.Equal((1L, 0, 0), (pool.Refused(QueryLimit.Quota), pool.Running, pool.Waiting));
    }

    [Fact]
    public async Task WhoLeaves_OrHasWaitedTooLong_MakesRoomForTheNext()
    {
        var pool = Pool(atOnce: 1, perCaller: 1);
        var running = await pool.EnterAsync("a", null, default);
        using var leaving = new CancellationTokenSource();
        var left = pool.EnterAsync("a", null, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        var next = pool.EnterAsync("a", null, default);
        Assert.Equal((1, 1), (pool.Running, pool.Waiting));
        running.Dispose();
        using var place = await next;

        var hasty = new QueryPool(new QueryOptions { AtOnce = 1, Timeout = TimeSpan.FromMilliseconds(5) }, TimeProvider.System);
        using var held = await hasty.EnterAsync("a", null, default);
        await RefusedAsync(hasty.EnterAsync("b", null, default));
        Assert.Equal((1L, 0, 1), (hasty.Refused(QueryLimit.Wait), hasty.Waiting, hasty.Running));
    }

    [Fact]
    public async Task ManyWhoComeAndLeaveAtOnce_NeverHaveMorePlacesThanThereAre_AndLeaveNoneTaken()
    {
        var pool = Pool(atOnce: 3, waiting: 1_000, perCaller: 1_000);
        var (inside, most) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (i, _) =>
        {
            using var leaving = new CancellationTokenSource();
            var entering = pool.EnterAsync($"{i % 7}", null, leaving.Token);
            if (i % 3 == 0) await leaving.CancelAsync();
            try
            {
                using var place = await entering;
                var now = Interlocked.Increment(ref inside);
                for (var known = most; now > known; known = most) Interlocked.CompareExchange(ref most, now, known);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
            catch (OperationCanceledException)
            {
            }
        });
        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (pool.Running, pool.Waiting));
    }

    private static QueryPool Pool(int atOnce, int waiting = 100, int perCaller = 50) =>
        new(new QueryOptions { AtOnce = atOnce, Waiting = waiting, WaitingPerCaller = perCaller }, TimeProvider.System);

    private static async Task RefusedAsync(Task<QuerySlot> entering)
    {
        var refusal = await Assert.ThrowsAsync<RequestFault>(() => entering);
        Assert.Equal((429, "too_many_queries"), (refusal.Status, refusal.Code));
    }
}

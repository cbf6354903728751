using System.Net;
using System.Text.Json;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Web;

/// <summary>A long dry run delays other dry runs only; it ends when its caller disconnects.</summary>
public sealed class BusyDryRunTests
{
    private const string Plan = """{ "frames": ["1min"], "rules": ["buy when close > 10 on tick"] }""";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task SecondDryRun_IsToldToWait_UntilTheFirstEnds_WhichItDoesWithItsCaller()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        var folder = new TemporaryFolder();
        HeldJournal journal = null!;
        var node = await Node.StartAsync(
            RunningNode.Options(folder.Path),
            open: options => journal = new HeldJournal(JournalStore.Open(options.JournalAddress), gate));
        using var client = new HttpClient { BaseAddress = node.Http[0] };
        for (var second = 0; second < 10; second++) await TickAsync(second);
        using var leaving = new CancellationTokenSource();
        gate.Reset();
        var first = DryRunAsync(leaving.Token);
        using var patience = new CancellationTokenSource(Timeout);
        await EngineReading.UntilAsync(() => journal.IsHeld);

        using (var second = await DryRunAsync(CancellationToken.None))
        {
            Assert.Equal((HttpStatusCode)429, second.StatusCode);
            Assert.NotNull(second.Headers.RetryAfter);
            Assert.Equal("busy", (await RunningNode.ReadAsync(second, (HttpStatusCode)429)).GetProperty("code").GetString());
        }

        await TickAsync(10); // the market continues
        Assert.False(first.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Set();
        JsonElement? told = null;
        while (told is null)
        {
            using var third = await DryRunAsync(patience.Token);
            if (third.StatusCode != (HttpStatusCode)429) told = await RunningNode.ReadAsync(third, HttpStatusCode.OK);
        }

        Assert.Equal(11, told.Value.GetProperty("records").GetInt32());
        await node.DisposeAsync();
        folder.Dispose();

        Task<HttpResponseMessage> DryRunAsync(CancellationToken cancellation) =>
            client.PostAsync(new Uri("/plan/dry-run", UriKind.Relative), new StringContent(Plan), cancellation);

        async Task TickAsync(int second)
        {
            using var content = new StringContent(
                $$"""{"symbol":"A","ts":"2024-07-09T14:30:{{second:00}}Z","price":{{9 + (second % 3)}},"size":1}""");
            using var answer = await client.PostAsync(new Uri("/ingest", UriKind.Relative), content);
            await RunningNode.ReadAsync(answer, HttpStatusCode.OK);
        }
    }

    /// <summary>A journal whose events of symbols can be read only while the gate is open.</summary>
    private sealed class HeldJournal(IJournalStore inner, ManualResetEventSlim gate) : IJournalStore
    {
        private volatile bool isHeld;

        /// <summary>Whether a reader waits at the gate.</summary>
        public bool IsHeld => isHeld;

        public string Location => inner.Location;

        public string? Notice => inner.Notice;

        public void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots) => inner.Commit(events, snapshots);

        public long ReadAll(long afterOrdering, JournalRowHandler handler) => inner.ReadAll(afterOrdering, handler);

        public void Read(string persistenceId, long first, long last, JournalRowHandler handler)
        {
            if (PersistenceIds.SymbolOf(persistenceId) is not null && !gate.IsSet)
            {
                isHeld = true;
                gate.Wait();
                isHeld = false;
            }

            inner.Read(persistenceId, first, last, handler);
        }

        public long HighestSequenceNumber(string persistenceId) => inner.HighestSequenceNumber(persistenceId);

        public long LastOrdering() => inner.LastOrdering();

        public IReadOnlyList<JournalHead> Heads() => inner.Heads();

        public bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy) =>
            inner.ReadSnapshot(persistenceId, maxSequenceNumber, handler, writtenBy);

        public void ReadLatestSnapshots(JournalRowHandler handler) => inner.ReadLatestSnapshots(handler);

        public void Delete(ReadOnlySpan<JournalDeletion> deletions) => inner.Delete(deletions);

        public void CheckAlive() => inner.CheckAlive();

        public void Dispose() => inner.Dispose();
    }
}

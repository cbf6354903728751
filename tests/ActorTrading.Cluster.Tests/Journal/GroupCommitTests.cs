using ActorTrading.Cluster.Journal;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests.Journal;

/// <summary>Writes are grouped into commits; which writes fail with a failed commit.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly MemoryJournal journal = new();
    private readonly GroupCommit writes;
    private readonly ManualResetEventSlim entered = new();
    private readonly ManualResetEventSlim open = new(initialState: true);
    private int refused;

    public GroupCommitTests()
    {
        writes = new GroupCommit(journal);
        journal.Fate = commit =>
        {
            entered.Set();
            open.Wait();
            return commit == refused ? CommitFate.Refused : CommitFate.Written;
        };
    }

    public void Dispose()
    {
        open.Set();
        writes.Dispose();
    }

    [Fact]
    public async Task WhatComesDuringACommit_IsWrittenInTheNext_InTheOrderOfIdsAndNumbers()
    {
        var first = BeginStalled();
        var others = new[] { writes.WriteAsync(Of("b", 1, 2)), writes.WriteAsync(Of("a", 1)), writes.WriteAsync(Of("b", 3)) };
        Assert.False(first.IsCompleted);
        open.Set();
        await Task.WhenAll([first, .. others]);
        Assert.Equal(
            [("first", 1L), ("a", 1L), ("b", 1L), ("b", 2L), ("b", 3L)], journal.Events.Select(row => (row.Id, row.SequenceNumber)));
        Assert.Equal(2, journal.Commits);
    }

    [Fact]
    public async Task NumberThatIsThereAlready_FailsItsIdOnly()
    {
        journal.Commit(Of("b", 2));
        var first = BeginStalled();
        var (a, b, c) = (writes.WriteAsync(Of("a", 1)), writes.WriteAsync(Of("b", 1, 2)), writes.WriteAsync(Of("c", 1)));
        open.Set();
        await Task.WhenAll(first, a, c);
        Assert.Equal("b", (await Assert.ThrowsAsync<JournalConflictException>(() => b)).PersistenceId);
        Assert.Equal([("b", 2L), ("first", 1L), ("a", 1L), ("c", 1L)], journal.Events.Select(row => (row.Id, row.SequenceNumber)));
    }

    [Fact]
    public async Task FailedCommit_FailsAllThatIsInIt_AndTheNextIsTried()
    {
        refused = 2;
        var first = BeginStalled();
        var (a, b) = (writes.WriteAsync(Of("a", 1)), writes.WriteAsync(Of("b", 1)));
        open.Set();
        await first;
        await Assert.ThrowsAnyAsync<JournalException>(() => a);
        await Assert.ThrowsAnyAsync<JournalException>(() => b);
        await writes.WriteAsync(Of("a", 1));
        Assert.Equal([("first", 1L), ("a", 1L)], journal.Events.Select(row => (row.Id, row.SequenceNumber)));
    }

    [Fact]
    public async Task AnId_IsSettledWhenItsWritesHaveEnded()
    {
        var first = BeginStalled();
        var later = writes.WriteAsync(Of("a", 1));
        var (inCommit, waiting) = (writes.SettledAsync("first"), writes.SettledAsync("a"));
        Assert.True(writes.SettledAsync("b").IsCompleted);
        Assert.False(inCommit.IsCompleted || waiting.IsCompleted);
        open.Set();
        await Task.WhenAll(first, later, inCommit, waiting);
    }

    [Fact]
    public async Task AtTheEnd_WhatWaitsFails()
    {
        var first = BeginStalled();
        var waiting = writes.WriteAsync(Of("a", 1));
        writes.Dispose();
        open.Set();
        await first; // its commit was in progress
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.Throws<ObjectDisposedException>(() => { _ = writes.WriteAsync(Of("a", 1)); });
    }

    [Fact]
    public void WhatNoRowCanHold_IsRefusedAlone() =>
        Assert.Throws<ArgumentException>(() => { _ = writes.WriteAsync(Of(new string('a', JournalEntry.MaxIdLength + 1), 1)); });

    /// <summary>A write whose commit has begun and is blocked.</summary>
    private Task BeginStalled()
    {
        entered.Reset();
        open.Reset();
        var first = writes.WriteAsync(Of("first", 1));
        Assert.True(entered.Wait(Timeout));
        return first;
    }

    private static JournalEntry[] Of(string id, params long[] numbers) =>
        [.. numbers.Select(number => new JournalEntry(id, number, "ta1", new byte[] { 1 }))];
}

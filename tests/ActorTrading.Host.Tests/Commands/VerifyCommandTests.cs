using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Host.Tests.Commands;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task SoundJournal_ExitsWithZero_AndADamagedOneWithOne()
    {
        var id = PersistenceIds.Of(HostileMarkets.Symbols[0]);
        using (var store = JournalStore.Open(folder.Path))
        {
            await using (var engine = await EmbeddedEngine.OpenAsync(Plan.Default, store))
            {
                await (await engine.SubmitAsync(HostileMarkets.Stream(5, 500, Timestamp.Second).Where(input => input.Clock is null)
                    .Select(input => input.Record).ToArray())).Durable;
                await engine.DrainAsync();
            }

            Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["verify", "--data", folder.Path]));
            store.Commit([new JournalEntry(id, store.HighestSequenceNumber(id) + 1, "ta1", new byte[] { 1, 2, 3 })]);
        }

        Assert.Equal(ExitCode.BadInput, await CommandLine.RunAsync(["verify", "--data", folder.Path]));
    }

    [Fact]
    public async Task FolderWithoutAJournal_IsSaid_AndStaysEmpty()
    {
        Assert.Equal(ExitCode.BadInput, await CommandLine.RunAsync(["verify", "--data", folder.Path]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}

using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Exporting;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Exporting;

/// <summary>The journal of a hostile market in its own folder, to be exported.</summary>
/// <param name="step">The mean time between its records, in nanoseconds.</param>
public abstract class JournalOfRecords(long step) : IAsyncLifetime
{
    private protected TemporaryFolder Folder { get; } = new();

    private protected List<Record> Records { get; } =
        [.. HostileMarkets.Stream(11, 3_000, step).Where(input => input.Clock is null).Select(input => input.Record)];

    private protected IJournalStore Store { get; set; } = null!;

    /// <summary>The hash of the engine that accepted the records.</summary>
    private protected StateHash Hash { get; private set; }

    public async Task InitializeAsync()
    {
        Store = JournalStore.Open(Folder.File("journal.db"));
        Hash = await JournalAsync(Records);
    }

    public Task DisposeAsync()
    {
        Store.Dispose();
        Folder.Dispose();
        return Task.CompletedTask;
    }

    private protected async Task<StateHash> JournalAsync(List<Record> input)
    {
        await using var engine = await EmbeddedEngine.OpenAsync(Plan.Default, Store, new EmbeddedOptions { GroupRecords = 100 });
        foreach (var batch in input.Chunk(200)) await (await engine.SubmitAsync(batch)).Durable;
        var scratch = new StateWriter();
        var hashes = new List<KeyValuePair<Symbol, StateHash>>();
        foreach (var summary in await engine.SymbolsAsync())
            hashes.Add(KeyValuePair.Create(summary.Symbol, StateHash.Of((await engine.StateAsync(summary.Symbol))!, scratch)));
        await engine.DrainAsync();
        return StateHash.Of(hashes);
    }

    /// <summary>Exports to the end of the journal; returns whether it was killed before.</summary>
    private protected static bool IsKilled(JournalExport export)
    {
        try
        {
            export.Run(CancellationToken.None);
            Assert.Null(export.Report.Damage);
            export.Rest();
            return false;
        }
        catch (KilledException)
        {
            return true;
        }
    }

    private protected sealed class KilledException : Exception;
}

using System.Buffers;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Tests.Verifying;

/// <summary>A journal in memory that an engine has filled with a hostile market, and methods to damage it.</summary>
internal static class FilledJournal
{
    public static EmbeddedOptions Small { get; } = new()
    {
        Partitions = 2, GroupRecords = 16, QueueRecords = 400, SnapshotEvery = 4, SignalSnapshotEvery = 20,
    };

    public static async Task<(Market Market, FoldLog Log)> FillAsync(
        this MemoryJournal journal, Plan plan, List<Input>? inputs = null, EmbeddedOptions? options = null)
    {
        inputs ??= HostileMarkets.Stream(seed: 62, count: 900, step: 4 * Timestamp.Second);
        await using var engine = await EmbeddedEngine.OpenAsync(plan, journal, options ?? Small);
        await EngineReading.SendAsync(engine, inputs, 10);
        await engine.AdvanceClockAsync(new Timestamp(1)); // and with it an event of each symbol after the last snapshot
        await engine.DrainAsync();
        return EngineReading.MarketOf(plan, inputs);
    }

    /// <summary>Adds a signal to the log, whether it fired or not.</summary>
    public static void Log(this MemoryJournal journal, Plan plan, Signal signal)
    {
        var bytes = new ArrayBufferWriter<byte>();
        SignalCodec.Encode(plan.For(signal.Symbol).Hash, signal, bytes);
        var position = journal.HighestSequenceNumber(PersistenceIds.Administrator) + 1;
        journal.Commit([new JournalEntry(PersistenceIds.Administrator, position, EventManifests.Signal, bytes.WrittenMemory)]);
    }

    /// <summary>Copies some of its events to another journal.</summary>
    public static void CopyTo(this MemoryJournal journal, MemoryJournal other, Func<(string Id, long SequenceNumber), bool> isWanted) =>
        journal.ReadAll(0, (in JournalRow row) =>
        {
            if (isWanted((row.PersistenceId, row.SequenceNumber)))
                other.Commit([new JournalEntry(row.PersistenceId, row.SequenceNumber, row.Manifest, row.Payload.ToArray())]);
            return true;
        });
}

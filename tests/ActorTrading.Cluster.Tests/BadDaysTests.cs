using System.Buffers;
using ActorTrading.Cluster.Tests.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Microsoft.Data.Sqlite;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Tests;

/// <summary>Faults in operation: the affected callers get the reason, and others are not affected.</summary>
public sealed class BadDaysTests : IAsyncLifetime
{
    private static readonly Plan Plan = Plan.Parse("""{"frames":["1min"],"indicators":["sma(2)"]}""");

    private readonly TemporaryFolder folder = new();
    private readonly CapturedLog log = new();
    private readonly List<ClusterEngine> nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task PoisonousRecord_QuarantinesItsSymbolWhereverItGoes_AndNoOtherOne()
    {
        var poisoned = 0;
        for (var i = 0; i < 3; i++) await StartAsync(options => options with { BeforeFold = Poison });
        await Nodes.AllHostSymbolsAsync(nodes);
        var names = Enumerable.Range(0, 30).Select(number => $"S{number}").ToList();
        await TakenAsync(nodes[1], names.Select(name => Tick(name, 1)));
        var taken = await SubmitAsync(
            nodes[0], [Tick("S7", 2, price: 13), .. names.Where(name => name != "S7").Select(name => Tick(name, 2))]);
        Assert.Equal((29, RejectReason.SymbolQuarantined), (taken.Applied, Assert.Single(taken.Refused).Rejection.Reason));
        Assert.True(log.Count("symbol-S7 is quarantined") > 0);

        // The failure repeats wherever the symbol is activated, and is reported once each time.
        var home = nodes.Single(node => node.HostedSymbols.Contains(Symbol.Parse("S7")));
        await home.DisposeAsync();
        var left = nodes.First(node => node != home);
        var refused = await SubmitAsync(left, [.. names.Select(name => Tick(name, 3))]);
        Assert.Equal((29, 7), (refused.Applied, Assert.Single(refused.Refused).Index));
        Assert.Equal(2, poisoned);
        Assert.Equal(poisoned, log.Count("symbol-S7 is quarantined"));
        var summaries = await left.SymbolsAsync();
        Assert.Equal(
            (29, 1), (summaries.Count(symbol => symbol.Applied == 3), summaries.Single(symbol => symbol.Symbol.Name == "S7").Applied));

        void Poison(SymbolState state, in Record record)
        {
            if (record.A != 13 * Fixed8.One) return;
            Interlocked.Increment(ref poisoned);
            throw new InvalidOperationException("thirteen");
        }
    }

    [Theory]
    [InlineData("another layout", "ta9")]
    [InlineData("a later version", "ta1")]
    [InlineData("a field more", "ta1")]
    public async Task EventFromTheFuture_QuarantinesItsSymbol_AndNoOtherOne(string what, string manifest)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Assert.Equal("ta1", new EventEncoder().EncodeRecords(Symbol.Parse("AAPL"), [Tick("AAPL", 1)], bytes));
        var payload = what switch
        {
            "a later version" => FutureBytes.OfVersion2(manifest, bytes.WrittenSpan.ToArray()),
            "a field more" => FutureBytes.WithAField(manifest, bytes.WrittenSpan.ToArray()),
            _ => [9, 1, 2, 3],
        };
        using (var store = JournalStore.Open(folder.Path))
            store.Commit([new JournalEntry(PersistenceIds.Of(Symbol.Parse("AAPL")), 1, manifest, payload)]);
        var node = await StartAsync();
        var taken = await SubmitAsync(node, [Tick("AAPL", 2), Tick("MSFT", 1)]);
        var refused = Assert.Single(taken.Refused);
        Assert.Equal((1, 0, RejectReason.SymbolQuarantined), (taken.Applied, refused.Index, refused.Rejection.Reason));
        Assert.Equal(1, log.Count("symbol-AAPL is quarantined"));
        Assert.Equal(["MSFT"], (await node.SymbolsAsync()).Select(symbol => symbol.Symbol.Name));
    }

    [Fact]
    public async Task SnapshotFromTheFuture_IsPassedOver_AndEventsAreFoldedInstead()
    {
        var node = await StartAsync();
        for (var seq = 1; seq <= 10; seq++) await TakenAsync(node, [Tick("AAPL", seq)]); // a snapshot every four events
        var hash = await node.HashAsync();
        await node.DrainAsync();
        nodes.Clear();
        var id = PersistenceIds.Of(Symbol.Parse("AAPL"));
        using (var store = JournalStore.Open(folder.Path))
        {
            var future = new List<JournalEntry>();
            store.ReadSnapshot(id, long.MaxValue, (in JournalRow row) =>
            {
                future.Add(
                    new JournalEntry(id, row.SequenceNumber, row.Manifest, FutureBytes.OfVersion2(row.Manifest, row.Payload.ToArray())));
                return false;
            });
            store.Commit([], [Assert.Single(future)]);
        }

        node = await StartAsync();
        Assert.Equal(hash, await node.HashAsync());
        await TakenAsync(node, [Tick("AAPL", 11)]);
        Assert.Equal(0, log.Count("is quarantined"));
        var unused = Assert.Single(node.Recovery.SnapshotsUnused);
        Assert.Equal(id, unused.PersistenceId);
        Assert.Contains("the version is not known", unused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NodeThatCannotWrite_ToAJournalThatAnswers_Ends()
    {
        await StartAsync(options => options with { WritePatience = TimeSpan.FromSeconds(1) });
        await TakenAsync(nodes[0], [Tick("AAPL", 1)]);
        using (var held = new SqliteConnection($"Data Source={folder.File(JournalStore.FileName)};Pooling=False"))
        {
            held.Open();
            using var begin = held.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            begin.ExecuteNonQuery();
            await Assert.ThrowsAsync<EngineStoppedException>(
                () => SubmitAsync(nodes[0], [Tick("AAPL", 2)]).WaitAsync(TimeSpan.FromMinutes(2)));
        }

        Assert.Equal(1, log.Count("the journal answers, but accepts no writes"));
        Assert.NotNull(nodes[0].Failure);
        await nodes[0].DisposeAsync();
        nodes.Clear();
        await StartAsync();

        // Records that were not acknowledged may have been written when the file was free again: then they are duplicates now. Either way
        // each counts once.
        var sentAgain = await SubmitAsync(nodes[0], [Tick("AAPL", 2)]);
        Assert.Equal(1, sentAgain.Applied + sentAgain.Duplicate);
        Assert.Equal(2, (await nodes[0].SymbolsAsync()).Single().Applied);
    }

    [Fact]
    public async Task WhatAFullRegionDrops_IsSentAgain()
    {
        // Messages wait in the region until it knows the locations of their shards; of forty at once it can keep ten, the smallest possible
        // buffer.
        var node = await StartAsync(options => options with
        {
            Hocon = "akka.cluster.sharding.buffer-size = 10\n" + options.Hocon, ResendAfter = TimeSpan.FromMilliseconds(100),
        });
        var names = Enumerable.Range(0, 40).Select(number => $"S{number}").ToList();
        await TakenAsync(node, names.Select(name => Tick(name, 1)));
        Assert.True(log.Count("Buffer is full") > 0);
        Assert.All(await node.SymbolsAsync(), symbol => Assert.Equal(1, symbol.Applied));
    }

    [Fact]
    public async Task MessageOfAnUnknownVersion_IsRefused_AndItsSenderIsStillHeard()
    {
        var node = await StartAsync();
        await TakenAsync(node, [Tick("AAPL", 1)]);
        using var stranger = ActorSystem.Create("trading", ConfigurationFactory.ParseString($$"""
            akka.actor.provider = remote
            akka.stdout-loglevel = OFF
            akka.loglevel = OFF
            akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            akka.actor.serializers.future = "{{typeof(FutureSerializer).AssemblyQualifiedName}}"
            akka.actor.serialization-bindings { "{{typeof(FutureMessage).AssemblyQualifiedName}}" = future }
            akka.actor.serialization-identifiers { "{{typeof(FutureSerializer).AssemblyQualifiedName}}" = 7421 }
            """));
        try
        {
            foreach (var path in (string[])["/user/gateway", "/user/window", "/system/sharding/symbol"])
                stranger.ActorSelection($"akka.tcp://trading@{node.Address}{path}").Tell(new FutureMessage());
            // Behind those, by the same way.
            var found = await stranger.ActorSelection($"akka.tcp://trading@{node.Address}/user/gateway").ResolveOne(EngineReading.Timeout);
            Assert.Equal("gateway", found.Path.Name);
            await EngineReading.UntilAsync(() => log.Count("m:batch9") >= 1); // rejections are logged at most every ten seconds
            await TakenAsync(node, [Tick("AAPL", 2)]);
        }
        finally
        {
            await stranger.Terminate();
        }
    }

    private static Record Tick(string symbol, long seq, long price = 10) => Record.OfTick(
        Symbol.Parse(symbol), new(Source.Parse("feed"), 0, seq), new Timestamp((1_700_000_040 + seq) * Timestamp.Second),
        price * Fixed8.One, Fixed8.One);

    private static async Task<IngestResult> SubmitAsync(IEngine engine, Record[] records) =>
        await (await engine.SubmitAsync(records)).Durable.WaitAsync(EngineReading.Timeout);

    private static async Task TakenAsync(IEngine engine, IEnumerable<Record> records)
    {
        Record[] all = [.. records];
        Assert.Equal(all.Length, (await SubmitAsync(engine, all)).Applied);
    }

    private async Task<ClusterEngine> StartAsync(Func<ClusterOptions, ClusterOptions>? with = null)
    {
        var options = Nodes.Options(folder.Path) with { Loggers = log, Seeds = nodes.Count == 0 ? [] : [nodes[0].Address] };
        var node = await ClusterEngine.StartAsync(Plan, with?.Invoke(options) ?? options);
        nodes.Add(node);
        return node;
    }

    private sealed class FutureMessage;

    /// <summary>A manifest of this project, of a later version.</summary>
    private sealed class FutureSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 7421;

        public override string Manifest(object o) => "m:batch9";

        public override byte[] ToBinary(object obj) => [1, 2, 3];

        public override object FromBinary(byte[] bytes, string manifest) => new FutureMessage();
    }
}

using System.Security.Cryptography.X509Certificates;
using ActorTrading.Connectors.Messages;
using ActorTrading.Connectors.Redis;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Admission;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Connectors.Tests.Redis;

/// <summary>A stream that is read, on a real server.</summary>
public sealed class RedisStreamTests
{
    private const string Source = "redis/ticks";

    [SkippableFact]
    public async Task Entries_AreMessages_NumberedByTheirIds_AndAcknowledgedOnceDurable()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.AddAsync("ticks", "1720522800000-0", ("symbol", "A"), ("ts", "1720522800"), ("price", "10.5"), ("size", "3"));
        await rig.AddAsync("ticks", "1720522800000-1", ("message", """{"symbol":"A","ts":1720522801,"price":11}"""));
        await rig.AddAsync(
            "ticks", "1720522801000-0", ("symbol", "B \u00fc"), ("ts", "1720522802"), ("price", "7"), ("source", "liar"), ("seq", "4"));
        rig.Journal.Stall();
        var connector = rig.Start(rig.In("ticks"));
        await UntilAsync(async () => await rig.PendingAsync("ticks") == 3, "the entries are under way");
        Assert.Equal(0, connector.Status.Messages);
        Assert.Equal(3, await rig.PendingAsync("ticks"));

        rig.Journal.Resume();
        await RedisRig.HandledAsync(connector, 3);
        Assert.Equal(0, await rig.PendingAsync("ticks"));
        Assert.Equal(ConnectorPhase.Running, connector.Status.Phase);
        await rig.AssertStateAsync(
            RedisRig.Message(Source, 1_720_522_800_000_000_000, """{"symbol":"A","ts":1720522800,"price":10.5,"size":3}"""),
            RedisRig.Message(Source, 1_720_522_800_000_000_001, """{"symbol":"A","ts":1720522801,"price":11}"""),
            RedisRig.Message(Source, 1_720_522_801_000_000_000, """{"symbol":"B \u00fc","ts":1720522802,"price":7}"""));
    }

    [SkippableFact]
    public async Task NamedField_HoldsTheMessage_AndARecordWithoutATimeHasThatOfItsEntry()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.AddAsync("ticks", "1720522800000-0", ("origin", "x"), ("body", """{"stock_id":"A","price":10.5}"""));
        await rig.AddAsync("ticks", "1720522800001-0", ("origin", "x"));
        var connector = rig.Start(rig.In("ticks") with { MessageField = "body" });
        await RedisRig.HandledAsync(connector, 2);
        Assert.Equal(1, connector.Status.Rejected);
        await rig.AssertStateAsync(
            RedisRig.Message(Source, 1_720_522_800_000_000_000, """{"symbol":"A","ts":"2024-07-09T11:00:00Z","price":10.5}"""));
        var dead = Assert.Single(await rig.Client.StreamRangeAsync("{ticks}:actortrading:dead"));
        Assert.Equal("1720522800001-0", dead["id"]);
        Assert.StartsWith("missing_field: body", (string)dead["reason"]!, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Poison_IsADeadLetterWithItsReason_AndStopsNothing()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.AddAsync("ticks", "1-0", ("message", "{no json"), ("x", "1"));
        await rig.AddAsync("ticks", "1-1", ("m", "[broken"));
        await rig.AddAsync("ticks", "1-1000000", ("m", RedisRig.Tick("A", 1)));
        await rig.AddAsync("ticks", "2-0", ("m", RedisRig.Tick("A", 2)));
        await rig.Client.ExecuteAsync("XADD", "ticks", "3-0", "symbol", new byte[] { 0xff, 0xfe });
        await rig.AddAsync("ticks", "4-0", ("m", """{"symbol":"A","ts":1720522800,"price":-1}"""));
        var connector = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(connector, 6);
        await rig.AssertStateAsync(Entry(2));
        Assert.Equal(5, connector.Status.Rejected);
        var dead = await rig.Client.StreamRangeAsync("{ticks}:actortrading:dead");
        Assert.Equal(["1-0", "1-1", "1-1000000", "3-0"], dead.Select(entry => (string)entry["id"]!));
        Assert.All(dead, entry => Assert.Equal("ticks", entry["key"]));
        Assert.Contains("bad_sequence: id = 1-1000000", (string)dead[2]["reason"]!, StringComparison.Ordinal);
        Assert.Equal(RedisRig.Tick("A", 1), dead[2]["message"]);
        Assert.Equal(0, await rig.PendingAsync("ticks"));
        Assert.Contains(
            rig.IngestPipeline.Rejects.Recent(new(10)), one => one.Reject.Input.Rejection.Reason == RejectReason.PriceNotPositive);
        await Until.True(() => rig.Log.Has("became dead letters"), "it is logged");
    }

    [SkippableFact]
    public async Task EntriesThatOthersHadUnderWay_ComeFirst_AndLoseNoTick()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 400; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        await rig.Client.StreamCreateConsumerGroupAsync("ticks", "actortrading", "0");
        await rig.Client.StreamReadGroupAsync("ticks", "actortrading", "crashed", ">", 100);
        await rig.Client.StreamReadGroupAsync("ticks", "actortrading", "other", ">", 150);
        for (var i = 30; i < 50; i++) await rig.Client.StreamAcknowledgeAsync("ticks", "actortrading", $"{i}-0");
        var connector = rig.Start(rig.In("ticks") with { Batch = 7 });
        await RedisRig.HandledAsync(connector, 380);
        Assert.Equal(0, await rig.PendingAsync("ticks"));
        await rig.AssertStateAsync([.. Enumerable.Range(1, 400).Where(i => i is < 30 or >= 50).Select(i => Entry(i))]);
    }

    [SkippableFact]
    public async Task Restart_GoesOnBehindWhatWasSettled()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 50; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        var first = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(first, 50);
        await first.DisposeAsync();
        Assert.Equal(ConnectorPhase.Stopped, first.Status.Phase);
        Assert.False(await rig.Client.KeyExistsAsync("{ticks}:actortrading:lease"));

        for (var i = 51; i <= 80; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        var second = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(second, 30);
        Assert.Equal(30, second.Status.Messages);
        await rig.AssertStateAsync([.. Enumerable.Range(1, 80).Select(i => Entry(i))]);
    }

    [SkippableFact]
    public async Task NewGroup_BeginsWithWhatIsToCome_WhereTheSettingsSaySo()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.AddAsync("ticks", "1-0", ("m", RedisRig.Tick("A", 1)));
        var connector = rig.Start(rig.In("ticks") with { FromFirst = false });
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Running, "it reads");
        await rig.AddAsync("ticks", "2-0", ("m", RedisRig.Tick("A", 2)));
        await RedisRig.HandledAsync(connector, 1);
        await rig.AssertStateAsync(Entry(2));
    }

    [SkippableFact]
    public async Task SeveralStreams_AreSourcesOfTheirOwn()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.AddAsync("one", "9-0", ("m", RedisRig.Tick("A", 1)));
        await rig.AddAsync("two", "5-0", ("m", RedisRig.Tick("A", 2)));
        var connector = rig.Start(rig.In("one", "two") with { SourcePattern = "r:{key}" });
        await RedisRig.HandledAsync(connector, 2);
        Assert.Equal(["r:one", "r:two"], (await rig.Engine.LedgerAsync()).Select(line => line.Source.Name).Order());
        Assert.Equal(2, (await rig.Engine.LedgerAsync()).Sum(line => line.Applied));
        await Until.True(() => connector.Status.Lag == 0, "nothing waits");
    }

    [SkippableFact]
    public async Task StreamTrimmedUnderTheReader_IsToldWithTheNumberOfEntries()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 10; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        await rig.Client.StreamTrimAsync("ticks", 9); // before anyone read it: not lost by the connector
        var connector = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(connector, 9);
        await connector.DisposeAsync();

        for (var i = 11; i <= 60; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        await rig.Client.StreamTrimAsync("ticks", 20); // 11 to 40 were deleted unread
        var next = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(next, 20);
        Assert.Equal(30, next.Status.Lost);
        Assert.Contains("30 entries of ticks were trimmed", next.Status.LastError, StringComparison.Ordinal);
        Assert.True(rig.Log.Has("30 entries of ticks were trimmed"));

        await rig.Client.StreamTrimAsync("ticks", 0); // all of it was read
        await rig.AddAsync("ticks", "61-0", ("m", RedisRig.Tick("A", 61)));
        await RedisRig.HandledAsync(next, 21);
        Assert.Equal(30, next.Status.Lost);
        await rig.AssertStateAsync([.. Enumerable.Range(2, 60).Where(i => i is < 11 or > 40).Select(i => Entry(i))]);
    }

    [SkippableFact]
    public async Task EntriesTrimmedWhileTheyAreUnderWay_AndDeletedUnread_AreTold()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 40; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        await rig.Client.StreamCreateConsumerGroupAsync("ticks", "actortrading", "0");
        await rig.Client.StreamReadGroupAsync("ticks", "actortrading", "crashed", ">", 10);
        await rig.Client.StreamTrimAsync("ticks", 36); // 1 to 4 of the crashed one
        var connector = rig.Start(rig.In("ticks") with { Batch = 1 });
        await RedisRig.HandledAsync(connector, 36);
        Assert.Equal(4, connector.Status.Lost);

        rig.Journal.Stall();
        for (var i = 41; i <= 240; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        await UntilAsync(async () => await rig.PendingAsync("ticks") > 5, "some are under way");
        Assert.InRange(await rig.PendingAsync("ticks"), 6, 190);
        await rig.Client.StreamDeleteAsync("ticks", ["237-0", "239-0", "240-0"]);
        rig.Journal.Resume();
        await RedisRig.HandledAsync(connector, 233);
        await Until.True(() => connector.Status.Lost == 7, $"all losses are told, and not {connector.Status.Lost}");
        Assert.Equal(0, await rig.PendingAsync("ticks"));
    }

    [SkippableFact]
    public async Task StreamMadeAnew_WhoseIdsGoBack_IsANewEpoch()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 5; i++) await rig.AddAsync("ticks", $"10{i}-0", ("m", RedisRig.Tick("A", i)));
        var connector = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(connector, 5);
        await rig.Client.KeyDeleteAsync("ticks");
        for (var i = 6; i <= 9; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        await RedisRig.HandledAsync(connector, 9);
        Assert.True(rig.Log.Has("was recreated"));

        // Created again while it is not read, and grown beyond the ids that were read.
        await connector.DisposeAsync();
        await rig.Client.KeyDeleteAsync("ticks");
        for (var i = 10; i <= 30; i++) await rig.AddAsync("ticks", $"{i - 9}-0", ("m", RedisRig.Tick("A", i)));
        var next = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(next, 21);
        var (first, second, third) = (Enumerable.Range(1, 5), Enumerable.Range(6, 4), Enumerable.Range(10, 21));
        await rig.AssertStateAsync(
        [
            .. first.Select(i => RedisRig.Message(Source, (100 + i) * 1_000_000L, RedisRig.Tick("A", i))),
            .. second.Select(i => RedisRig.Message(Source, i * 1_000_000L, RedisRig.Tick("A", i), epoch: 1)),
            .. third.Select(i => RedisRig.Message(Source, (i - 9) * 1_000_000L, RedisRig.Tick("A", i), epoch: 2)),
        ]);
    }

    [SkippableFact]
    public async Task StreamMadeAnewTogetherWithItsGroup_WhileItIsRead_IsANewEpoch()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 5; i++) await rig.AddAsync("ticks", $"10{i}-0", ("m", RedisRig.Tick("A", i)));
        var connector = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(connector, 5);
        var again = rig.Client.CreateTransaction();
        _ = again.KeyDeleteAsync("ticks");
        _ = again.StreamAddAsync("ticks", [new("m", RedisRig.Tick("A", 6))], "6-0");
        _ = again.StreamCreateConsumerGroupAsync("ticks", "actortrading", "0");
        Assert.True(await again.ExecuteAsync());
        await RedisRig.HandledAsync(connector, 6);
        await rig.AssertStateAsync(
        [
            .. Enumerable.Range(1, 5).Select(i => RedisRig.Message(Source, (100 + i) * 1_000_000L, RedisRig.Tick("A", i))),
            RedisRig.Message(Source, 6_000_000, RedisRig.Tick("A", 6), epoch: 1),
        ]);
    }

    [SkippableFact]
    public async Task RedisThatLostEverything_AndIdsThatGoBack_AreANewEpoch()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 5; i++) await rig.AddAsync("ticks", $"10{i}-0", ("m", RedisRig.Tick("A", i)));
        var connector = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(connector, 5);
        await connector.DisposeAsync();
        await rig.Client.ExecuteAsync("FLUSHALL");
        await rig.AddAsync("ticks", "6-0", ("m", RedisRig.Tick("A", 6)));
        var next = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(next, 1);
        await rig.AssertStateAsync(
        [
            .. Enumerable.Range(1, 5).Select(i => RedisRig.Message(Source, (100 + i) * 1_000_000L, RedisRig.Tick("A", i))),
            RedisRig.Message(Source, 6_000_000, RedisRig.Tick("A", 6), epoch: 1),
        ]);
    }

    [SkippableFact]
    public async Task GroupThatWasDestroyed_IsNoNewEpoch_AndItsReplayIsDuplicates()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 5; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        var connector = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(connector, 5);
        await rig.Client.ExecuteAsync("XGROUP", "DESTROY", "ticks", "actortrading");
        await rig.AddAsync("ticks", "6-0", ("m", RedisRig.Tick("A", 6)));
        await RedisRig.HandledAsync(connector, 11);
        await rig.AssertStateAsync([.. Enumerable.Range(1, 6).Select(i => Entry(i))]);
        Assert.Equal(0, connector.Status.Lost);
    }

    [SkippableFact]
    public async Task GroupThatWasSetBack_IsNoNewEpoch_AndItsReplayIsDuplicates()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 5; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        var connector = rig.Start(rig.In("ticks"));
        await RedisRig.HandledAsync(connector, 5);
        await rig.Client.ExecuteAsync("XGROUP", "SETID", "ticks", "actortrading", "2-0");
        await RedisRig.HandledAsync(connector, 8);
        await rig.AddAsync("ticks", "6-0", ("m", RedisRig.Tick("A", 6)));
        await RedisRig.HandledAsync(connector, 9);
        await rig.AssertStateAsync([.. Enumerable.Range(1, 6).Select(i => Entry(i))]);
        Assert.Equal(0, connector.Status.Lost);
    }

    [SkippableFact]
    public async Task OneNodeReads_TheOtherWaits_AndTakesOver()
    {
        await using var rig = await RedisRig.StartAsync();
        using var folder = new TestKit.TemporaryFolder();
        var first = rig.Start(rig.In("ticks"));
        await Until.True(() => first.Status.Phase == ConnectorPhase.Running, "the first reads");
        var second = rig.Start(rig.In("ticks"), folder.Path);
        await Until.True(() => second.Status.Phase == ConnectorPhase.Standby, "the second waits");
        await rig.AddAsync("ticks", "1-0", ("m", RedisRig.Tick("A", 1)));
        await RedisRig.HandledAsync(first, 1);
        await first.DisposeAsync();
        await rig.AddAsync("ticks", "2-0", ("m", RedisRig.Tick("A", 2)));
        await RedisRig.HandledAsync(second, 1);
        Assert.Equal(ConnectorPhase.Running, second.Status.Phase);
        await rig.AssertStateAsync(Entry(1), Entry(2));
    }

    [SkippableFact]
    public async Task ReaderThatHasLostItsLease_TakesNothingMore()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.AddAsync("ticks", "1-0", ("m", RedisRig.Tick("A", 1)));
        var options = rig.In("ticks");
        var reader = new RedisStreamReader("ticks", "slow", options, new ReaderMemory(rig.Folder.Path, "slow", "ticks"), rig.Log);
        Assert.Null(await reader.Lease.TryTakeAsync(rig.Client));
        await reader.BeginAsync(rig.Client);
        Assert.Single((await ReadAllAsync(reader, rig)).Messages);

        // Its lease expires while it sleeps, and another one continues.
        await rig.Client.KeyDeleteAsync("{ticks}:actortrading:lease");
        await rig.AddAsync("ticks", "2-0", ("m", RedisRig.Tick("A", 2)));
        var other = new RedisStreamReader("ticks", "quick", options, new ReaderMemory(rig.Folder.Path, "quick", "ticks"), rig.Log);
        Assert.Null(await other.Lease.TryTakeAsync(rig.Client));
        await other.BeginAsync(rig.Client);
        await Assert.ThrowsAsync<LeaseLostException>(() => reader.ReadAsync(rig.Client));
        Assert.Equal("quick", await reader.Lease.TryTakeAsync(rig.Client));
        Assert.Equal(["1-0", "2-0"], (await ReadAllAsync(other, rig)).Messages.Select(message => message.Place));
    }

    [SkippableFact]
    public async Task UserAndPassword_AreThoseOfTheAccessList_AndAWrongOneIsToldWithoutIt()
    {
        await using var rig = await RedisRig.StartAsync(client => client.Password = "of-the-test", "--requirepass", "of-the-test");
        await rig.Client.ExecuteAsync(
            "ACL", "SETUSER", "feed", "on", ">right-password", "resetkeys", "~ticks", "~{ticks}:*", "resetchannels", "-@all",
            "+@connection", "+@scripting", "+@stream", "+@read", "+set", "+pexpire", "+del", "+hset", "+hdel", "+hincrby", "+info");
        await rig.AddAsync("ticks", "1-0", ("m", RedisRig.Tick("A", 1)));
        var (right, wrong) = (rig.Folder.File("right"), rig.Folder.File("wrong"));
        Write(right, "right-password");
        Write(wrong, "wrong-password");
        var options = rig.In("ticks");
        var locked = rig.Start(options with { Server = options.Server with { User = "feed", Password = ConnectorSecret.OfFile(wrong) } });
        await Until.True(() => locked.Status.LastError is not null, "it fails");
        Assert.Equal(ConnectorPhase.Connecting, locked.Status.Phase);
        Assert.Contains("WRONGPASS", locked.Status.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", string.Join('\n', rig.Log.All) + locked.Status.LastError, StringComparison.Ordinal);
        await locked.DisposeAsync();

        var open = rig.Start(options with { Server = options.Server with { User = "feed", Password = ConnectorSecret.OfFile(right) } });
        await RedisRig.HandledAsync(open, 1);
        await Until.True(() => open.Status.Lag == 0, "what waits is known");
    }

    [SkippableFact]
    public async Task EncryptedConnection_IsThatOfAServerThatTheAuthorityKnows()
    {
        using var folder = new TestKit.TemporaryFolder();
        using var authority = Certificates.MakeAuthority("CN=authority");
        using var stranger = Certificates.MakeAuthority("CN=stranger");
        var pem = Certificates.WritePem(folder, "CN=redis", "redis.test", authority);
        File.WriteAllText(folder.File("ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(folder.File("stranger.pem"), stranger.ExportCertificatePem());
        await using var rig = await RedisRig.StartAsync(
            client =>
            {
                client.Ssl = true;
                client.CertificateValidation += (_, _, _, _) => true; // the test's own client
            },
            "--tls-port", "PORT", "--tls-cert-file", pem.Certificate, "--tls-key-file", pem.Key!,
            "--tls-ca-cert-file", folder.File("ca.pem"), "--tls-auth-clients", "no");
        await rig.AddAsync("ticks", "1-0", ("m", RedisRig.Tick("A", 1)));
        var options = rig.In("ticks");
        var server = options.Server with { IsEncrypted = true, TlsName = "redis.test" };
        var (strange, misnamed) =
            (server with { Authorities = Load("stranger.pem") }, server with { Authorities = Load("ca.pem"), TlsName = "other.test" });
        foreach (var wrong in new[] { strange, misnamed, server })
        {
            var refused = rig.Start(options with { Server = wrong });
            await Until.True(() => refused.Status.LastError is not null, "it fails");
            Assert.Equal(0, refused.Status.Messages);
            await refused.DisposeAsync();
        }

        var taken = rig.Start(options with { Server = server with { Authorities = Load("ca.pem") } });
        await RedisRig.HandledAsync(taken, 1);

        X509Certificate2Collection Load(string name)
        {
            var loaded = new X509Certificate2Collection();
            loaded.ImportFromPemFile(folder.File(name));
            return loaded;
        }
    }

    [SkippableFact]
    public async Task Key_ThatIsNoStream_IsTold()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.Client.StringSetAsync("ticks", "x");
        var connector = rig.Start(rig.In("ticks"));
        await Until.True(() => connector.Status.LastError is not null, "it fails");
        Assert.Contains("ticks: WRONGTYPE", connector.Status.LastError, StringComparison.Ordinal);
        await rig.Client.KeyDeleteAsync("ticks");
        await rig.AddAsync("ticks", "1-0", ("m", RedisRig.Tick("A", 1)));
        await RedisRig.HandledAsync(connector, 1);
    }

    /// <summary>The content of the entry i-0.</summary>
    private static InboundMessage Entry(int i) => RedisRig.Message(Source, i * 1_000_000L, RedisRig.Tick("A", i));

    private static async Task<RedisBatch> ReadAllAsync(RedisStreamReader reader, RedisRig rig)
    {
        var all = new List<RedisMessage>();
        for (var empty = 0; empty < 2;)
        {
            var batch = await reader.ReadAsync(rig.Client);
            all.AddRange(batch.Messages);
            if (batch.Messages.Count == 0) empty++;
        }

        return new RedisBatch(all, "");
    }

    private static void Write(string path, string secret)
    {
        File.WriteAllText(path, secret);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !await condition(); await Task.Delay(5))
            Assert.True(watch.Elapsed < Until.Limit, $"It did not happen: {what}");
    }
}

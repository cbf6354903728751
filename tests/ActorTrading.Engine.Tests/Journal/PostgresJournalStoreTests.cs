using System.Globalization;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Journal.Postgres;
using Npgsql;

namespace ActorTrading.Engine.Tests.Journal;

public sealed class PostgresJournalStoreTests(PostgresServer server) : JournalStoreSuite, IClassFixture<PostgresServer>
{
    private string? address;

    protected override string Address
    {
        get
        {
            Skip.If(server.Missing is not null, server.Missing);
            return address ??= server.NewDatabase();
        }
    }

    protected override string False => "false";

    protected override void Execute(string sql) => PostgresServer.Execute(Address, sql);

    protected override List<string[]> Query(string sql)
    {
        using var connection = new NpgsqlConnection(Address + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read()) rows.Add(
            [.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)]);
        return rows;
    }

    [SkippableTheory]
    [InlineData("journal", "ordering bigint NO YES|created bigint NO NO|deleted boolean NO NO|persistence_id text NO NO|sequence_number "
        + "bigint NO NO|message bytea NO NO|manifest text YES NO|identifier integer YES NO|writer_uuid text YES NO")]
    [InlineData("tags", "ordering_id bigint NO NO|tag text NO NO|sequence_nr bigint NO NO|persistence_id text NO NO")]
    [InlineData("snapshot", "persistence_id text NO NO|sequence_number bigint NO NO|created bigint NO NO|snapshot bytea YES NO|manifest "
        + "text YES NO|serializer_id integer YES NO")]
    public void Tables_AreThoseThatAkkaMakes(string table, string columns)
    {
        Open().Dispose();
        Assert.Equal(columns, string.Join('|', Query("SELECT concat_ws(' ', column_name, data_type, is_nullable, is_identity) "
            + $"FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position")
            .Select(row => row[0])));
    }

    [SkippableFact]
    public void KeysAndIndexes_AreThoseThatAkkaMakes()
    {
        Open().Dispose();
        Assert.Equal(
            [
                "CREATE INDEX journal_created_idx ON public.journal USING btree (created)",
                "CREATE INDEX journal_sequence_number_idx ON public.journal USING btree (sequence_number)",
                "CREATE INDEX snapshot_created_idx ON public.snapshot USING btree (created)",
                "CREATE INDEX snapshot_sequence_number_idx ON public.snapshot USING btree (sequence_number)",
                "CREATE INDEX tags_persistence_id_sequence_nr_idx ON public.tags USING btree (persistence_id, sequence_nr)",
                "CREATE INDEX tags_tag_idx ON public.tags USING btree (tag)",
                "CREATE UNIQUE INDEX \"PK_journal\" ON public.journal USING btree (ordering)",
                "CREATE UNIQUE INDEX \"PK_snapshot\" ON public.snapshot USING btree (persistence_id, sequence_number)",
                "CREATE UNIQUE INDEX \"PK_tags\" ON public.tags USING btree (ordering_id, tag)",
                "CREATE UNIQUE INDEX journal_uq ON public.journal USING btree (persistence_id, sequence_number)",
            ],
            Query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'").Select(row => row[0]).Order(StringComparer.Ordinal));
        Assert.Equal(["PK_journal p", "PK_snapshot p", "PK_tags p", "journal_uq u"],
            Query("SELECT conname || ' ' || contype::text FROM pg_constraint WHERE conrelid IN (SELECT oid FROM pg_class "
                + "WHERE relnamespace = 'public'::regnamespace) AND contype IN ('p', 'u')").Select(row => row[0])
                .Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public void TablesThatAkkaMadeOnAnOlderServer_AreUsedAsTheyAre()
    {
        Open().Dispose();
        // For servers before 15, Akka.Persistence.Sql numbers events with its own sequence.
        Execute("ALTER TABLE journal ALTER COLUMN ordering DROP IDENTITY; CREATE SEQUENCE journal_ordering_seq OWNED BY journal.ordering; "
            + "ALTER TABLE journal ALTER COLUMN ordering SET DEFAULT nextval('journal_ordering_seq')");
        using var store = Open();
        store.Commit([Event("symbol-A", 1)]);
        Assert.Single(All(store));
    }

    [SkippableFact]
    public async Task QueryThatTheServerDoesNotAnswer_EndsWhenItIsCancelled()
    {
        using var store = Open();
        store.Commit([Event("symbol-A", 1)]);
        await using var other = new NpgsqlConnection(Address + ";Pooling=false");
        await other.OpenAsync();
        await using var locking = await other.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE", other);
        await command.ExecuteNonQueryAsync();
        using var leaving = new CancellationTokenSource();
        var view = store.Until(leaving.Token);
        var reads = new Action[] { () => Of(view, "symbol-A"), () => view.HighestSequenceNumber("symbol-A"), () => view.Heads() };
        var reading = reads.Select(read => Task.Run(read)).ToList();
        const string waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while (long.Parse(Query(waiting)[0][0], CultureInfo.InvariantCulture) < reads.Length) await Task.Delay(20);
        Assert.All(reading, one => Assert.False(one.IsCompleted));
        await leaving.CancelAsync();
        foreach (var one in reading) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.WaitAsync(TimeSpan.FromMinutes(1)));
        await locking.RollbackAsync();
        Assert.Single(Of(store, "symbol-A"));
    }

    [SkippableFact]
    public void NodesThatStartAtOnce_MakeTheTablesOnce()
    {
        string shared = Address;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, node =>
        {
            using var store = JournalStore.Open(shared);
            store.Commit([Event($"symbol-{node}", 1)]);
        });
        using var store = Open();
        Assert.Equal(8, store.Heads().Count);
    }

    [SkippableFact]
    public void Commit_IsDurableWhateverTheServersDefault()
    {
        using var store = (PostgresJournalStore)Open();
        Assert.Equal("off", Query("SHOW synchronous_commit")[0][0]); // as the server of these tests is configured
        // A trigger sees the setting of the committing session.
        Execute("""
            CREATE TABLE seen (setting text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen VALUES (current_setting(''synchronous_commit'')); RETURN NEW; END';
            CREATE TRIGGER see BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION see()
            """);
        store.Commit([Event("symbol-A", 1)]);
        Assert.Equal("on", Assert.Single(Query("SELECT setting FROM seen"))[0]);
    }

    [SkippableFact]
    public void ConnectionsThatTheServerEnded_AreMadeAnew_AndTheCommitSucceeds()
    {
        using var store = Open();
        store.Commit([Event("symbol-A", 1)]);
        Assert.Single(All(store));
        Execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        store.Commit([Event("symbol-A", 2)]);
        Assert.Equal(2, All(store).Count);
        store.CheckAlive();
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void ConnectionLostDuringACommit_LeavesItsOutcomeUnknown_AndTheStoreTakesNoMore(bool serverHeardOfIt)
    {
        _ = Address;
        using var proxy = new CuttingProxy(server.Port, "COMMIT\0", serverHeardOfIt); // not READ COMMITTED
        Open().Dispose(); // creates the tables, without the proxy
        string cut = new NpgsqlConnectionStringBuilder(Address)
        {
            Port = proxy.Port, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        using (var store = JournalStore.Open(cut))
        {
            var failure = Assert.Throws<JournalException>(() => store.Commit([Event("symbol-A", 1)]));
            Assert.Equal(JournalFailure.OutcomeUnknown, failure.Failure);
            Assert.Equal(
                JournalFailure.OutcomeUnknown, Assert.Throws<JournalException>(() => store.Commit([Event("symbol-A", 1)])).Failure);
            Assert.Equal(JournalFailure.OutcomeUnknown, Assert.Throws<JournalException>(store.CheckAlive).Failure);
        }

        // A sender that resends finds out whether the commit exists.
        using var again = Open();
        Assert.True(SpinWait.SpinUntil(() => Query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            + "AND pid <> pg_backend_pid() AND state <> 'idle'")[0][0] == "0", TimeSpan.FromSeconds(30)));
        if (serverHeardOfIt) Assert.Throws<JournalConflictException>(() => again.Commit([Event("symbol-A", 1)]));
        else again.Commit([Event("symbol-A", 1)]);
        Assert.Equal(1, again.HighestSequenceNumber("symbol-A"));
    }

    [SkippableFact]
    public void TableHeldBySomebodyElse_IsATypedAnswer_AndTheNextCommitSucceeds()
    {
        using var store = JournalStore.Open(Address, new JournalOptions { LockTimeout = TimeSpan.FromMilliseconds(50) });
        using (var other = new NpgsqlConnection(Address))
        {
            other.Open();
            using var transaction = other.BeginTransaction();
            using var command = new NpgsqlCommand("LOCK TABLE journal IN SHARE MODE", other);
            command.ExecuteNonQuery();
            var failure = Assert.Throws<JournalException>(() => store.Commit([Event("symbol-A", 1)]));
            Assert.Equal(JournalFailure.Locked, failure.Failure);
        }
        store.Commit([Event("symbol-A", 1)]);
        Assert.Single(All(store));
    }

    [SkippableFact]
    public void ReadOnlyServer_IsReadOnly()
    {
        Open().Dispose();
        Execute($"ALTER DATABASE {new NpgsqlConnectionStringBuilder(Address).Database} SET default_transaction_read_only = on");
        using var store = JournalStore.Open(Address);
        Assert.Equal(JournalFailure.ReadOnly, Assert.Throws<JournalException>(() => store.Commit([Event("symbol-A", 1)])).Failure);
        Assert.Equal(JournalFailure.ReadOnly, Assert.Throws<JournalException>(store.CheckAlive).Failure);
        Assert.Empty(All(store));
    }

    [SkippableFact]
    public void SomebodyElsesTable_IsRefused()
    {
        Execute("CREATE TABLE journal (id serial PRIMARY KEY, entry text)");
        var failure = Assert.Throws<JournalException>(Open);
        Assert.Equal(JournalFailure.Incompatible, failure.Failure);
        Assert.Equal([], Query("SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'journal'"));
    }

    [SkippableFact]
    public void NoFailure_TellsThePassword()
    {
        var right = new NpgsqlConnectionStringBuilder(Address);
        string wrong = server.Password + "x";
        AssertSilent(JournalFailure.Denied, new NpgsqlConnectionStringBuilder(Address) { Password = wrong }.ConnectionString);
        AssertSilent(
            JournalFailure.Denied,
            $"postgres://{PostgresServer.User}:{Uri.EscapeDataString(wrong)}@127.0.0.1:{server.Port}/{right.Database}");
        AssertSilent(JournalFailure.Unavailable, new NpgsqlConnectionStringBuilder(Address) { Database = "nowhere" }.ConnectionString);
        AssertSilent(JournalFailure.Unavailable, new NpgsqlConnectionStringBuilder(Address) { Port = FreedPort() }.ConnectionString);
        using var store = JournalStore.Open(Address);
        Assert.Equal($"127.0.0.1:{server.Port}/{right.Database}", store.Location);

        void AssertSilent(JournalFailure expected, string given)
        {
            var failure = Assert.Throws<JournalException>(() => JournalStore.Open(given));
            Assert.Equal(expected, failure.Failure);
            Assert.DoesNotContain(server.Password, failure.ToString());
            Assert.DoesNotContain(Uri.EscapeDataString(server.Password), failure.ToString());
        }
    }

    [SkippableFact]
    public void UriAndConnectionString_OpenTheSameJournal()
    {
        string database = new NpgsqlConnectionStringBuilder(Address).Database!;
        var user = $"{PostgresServer.User}:{Uri.EscapeDataString(server.Password)}";
        const string options = "application_name=exchange%20feed&sslmode=disable&connect_timeout=7";
        using (var store = JournalStore.Open($"postgresql://{user}@127.0.0.1:{server.Port}/{database}?{options}"))
        {
            store.Commit([Event("symbol-A", 1)]);
            Assert.NotEmpty(Query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'exchange feed'"));
        }
        using var again = JournalStore.Open(Address);
        Assert.Single(All(again));
    }

    private static int FreedPort()
    {
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }
}

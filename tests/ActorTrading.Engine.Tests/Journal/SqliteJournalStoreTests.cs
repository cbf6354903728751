using System.Diagnostics;
using System.Globalization;
using System.Text;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Journal.Sqlite;
using ActorTrading.TestKit;
using Microsoft.Data.Sqlite;

namespace ActorTrading.Engine.Tests.Journal;

public sealed class SqliteJournalStoreTests : JournalStoreSuite, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override string Address => folder.File("journal.db");

    protected override string False => "0";

    public void Dispose() => folder.Dispose();

    protected override void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    protected override List<string[]> Query(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read()) rows.Add(
            [.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)]);
        return rows;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Address};Pooling=False;Default Timeout=30");
        connection.Open();
        return connection;
    }

    [Theory]
    [InlineData("journal", "ordering INTEGER 1 1|created BigInt 1 0|deleted Bit 1 0|persistence_id NVarChar(255) 1 0|sequence_number "
        + "BigInt 1 0|message VarBinary 1 0|manifest NVarChar(500) 0 0|identifier INTEGER 0 0|writer_uuid NVarChar(128) 0 0")]
    [InlineData("tags", "ordering_id INTEGER 1 1|tag NVarChar(64) 1 2|sequence_nr INTEGER 1 0|persistence_id NVarChar(255) 1 0")]
    [InlineData("snapshot", "persistence_id NVarChar(255) 1 1|sequence_number BigInt 1 2|created BigInt 1 0|snapshot VarBinary 0 "
        + "0|manifest NVarChar(500) 0 0|serializer_id INTEGER 0 0")]
    public void Tables_AreThoseThatAkkaMakes(string table, string columns)
    {
        Open().Dispose();
        Assert.Equal(
            columns,
            string.Join('|', Query($"SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || pk FROM pragma_table_info('{table}')")
                .Select(row => row[0])));
    }

    [Fact]
    public void Indexes_AreThoseThatAkkaMakes()
    {
        Open().Dispose();
        var indexes = Query("SELECT tables.name || ' ' || list.name || ' ' || list.\"unique\" || ' ' || (SELECT group_concat(name) "
            + "FROM pragma_index_info(list.name)) FROM sqlite_schema AS tables, pragma_index_list(tables.name) AS list "
            + "WHERE tables.type = 'table' ORDER BY 1");
        Assert.Equal(
            [
                "journal journal_created_idx 0 created",
                "journal journal_sequence_number_idx 0 sequence_number",
                "journal journal_uq 1 persistence_id,sequence_number",
                "snapshot snapshot_created_idx 0 created",
                "snapshot snapshot_sequence_number_idx 0 sequence_number",
                "snapshot sqlite_autoindex_snapshot_1 1 persistence_id,sequence_number",
                "tags sqlite_autoindex_tags_1 1 ordering_id,tag",
                "tags tags_persistence_id_sequence_nr_idx 0 persistence_id,sequence_nr",
                "tags tags_tag_idx 0 tag",
            ],
            indexes.Select(row => row[0]));
        Assert.Contains("AUTOINCREMENT", Query("SELECT sql FROM sqlite_schema WHERE name = 'journal'")[0][0]);
    }

    [Fact]
    public void OrderingOfADeletedEvent_IsNeverGivenToAnother()
    {
        using var store = Open();
        store.Commit([Event("symbol-A", 1), Event("symbol-A", 2)]);
        long last = All(store)[^1].Ordering;
        Execute("DELETE FROM journal");
        store.Commit([Event("symbol-A", 3)]);
        Assert.Equal(last + 1, Assert.Single(All(store)).Ordering);
    }

    [Fact]
    public void Journal_IsWrittenAheadAndSynced()
    {
        using var store = Open();
        Assert.Equal("wal", Query("PRAGMA journal_mode")[0][0]);
        Assert.Null(store.Notice);
        Assert.Equal(Path.GetFullPath(Address), store.Location);
    }

    [Fact]
    public void TornTail_IsDroppedAsAWhole_AndReported()
    {
        string copy = folder.File("copy.db");
        byte[] database, log;
        long wholeLog;
        using (var store = Open())
        {
            store.Commit([Event("symbol-A", 1), Event("symbol-B", 1)]);
            wholeLog = new FileInfo(Address + "-wal").Length;
            store.Commit([Event("symbol-A", 2, new string('x', 9000)), Event("symbol-B", 2, new string('y', 9000))]);
            database = ReadShared(Address);
            log = ReadShared(Address + "-wal");
        }

        Assert.True(log.Length > wholeLog + 3 * 4120);
        for (long length = wholeLog; length <= log.Length; length += 1030)
        {
            foreach (string leftover in (string[])["-wal", "-shm"]) File.Delete(copy + leftover);
            File.WriteAllBytes(copy, database);
            // Data that was not written yet is missing, or is the old content of the disk.
            var torn = log[..(int)length];
            if (length / 1030 % 2 == 0) torn = [.. torn, .. new byte[log.Length - length]];
            File.WriteAllBytes(copy + "-wal", torn);

            using var store = new SqliteJournalStore(copy);
            bool whole = length == log.Length;
            Assert.Equal(whole ? [1, 2] : [1], Of(store, "symbol-A").Select(row => row.Number));
            Assert.Equal(whole ? [1, 2] : [1], Of(store, "symbol-B").Select(row => row.Number));
            store.Commit([Event("symbol-A", whole ? 3 : 2)]);
        }
    }

    [Fact]
    public void TornTail_IsReportedWithItsPlace()
    {
        string copy = folder.File("copy.db");
        using (var store = Open())
        {
            store.Commit([Event("symbol-A", 1)]);
            store.Commit([Event("symbol-A", 2)]);
            CopyTo(copy);
        }
        var log = File.ReadAllBytes(copy + "-wal");
        log[^1] ^= 1;
        File.WriteAllBytes(copy + "-wal", log);

        using var again = new SqliteJournalStore(copy);
        int frames = (log.Length - 32) / 4120;
        Assert.Contains($"torn at frame {frames} (byte {log.Length - 4120})", again.Notice);
        Assert.Equal([1], Of(again, "symbol-A").Select(row => row.Number));
    }

    [Fact]
    public void LogDamagedBeforeCommitsThatReturned_IsNotOpened()
    {
        string copy = folder.File("copy.db");
        long second;
        using (var store = Open())
        {
            store.Commit([Event("symbol-A", 1)]);
            second = new FileInfo(Address + "-wal").Length;
            for (int number = 2; number <= 5; number++) store.Commit([Event("symbol-A", number)]);
            CopyTo(copy);
        }
        var log = File.ReadAllBytes(copy + "-wal");
        log[second + 100] ^= 1;
        File.WriteAllBytes(copy + "-wal", log);

        var failure = Assert.Throws<JournalException>(() => new SqliteJournalStore(copy));
        Assert.Equal(JournalFailure.Corrupt, failure.Failure);
        Assert.Contains($"(byte {second})", failure.Message);

        // As the message says: without the data from there on, the rest is valid.
        File.WriteAllBytes(copy + "-wal", log[..(int)second]);
        using var cut = new SqliteJournalStore(copy);
        Assert.Equal([1], Of(cut, "symbol-A").Select(row => row.Number));
    }

    [Fact]
    public void DamagedPage_IsFoundAndLocated()
    {
        using (var store = Open())
        {
            store.Commit([.. Enumerable.Range(1, 2000).Select(number => Event("symbol-A", number, new string('x', 600)))]);
        }
        var bytes = File.ReadAllBytes(Address);
        int page = bytes.Length / 4096 / 2;
        long before;
        using (var store = Open())
        {
            Assert.Empty(store is SqliteJournalStore sqlite ? sqlite.CheckIntegrity() : ["not SQLite"]);
            before = All(store)[^1].Ordering;
        }
        bytes.AsSpan(page * 4096, 4096).Fill(0xa5);
        File.WriteAllBytes(Address, bytes);

        using var damaged = new SqliteJournalStore(Address);
        long last = 0;
        var failure = Assert.Throws<JournalException>(
            () => damaged.ReadAll(0, (in JournalRow row) => { last = row.Ordering; return true; }));
        Assert.Equal(JournalFailure.Corrupt, failure.Failure);
        Assert.InRange(last, 1, before - 1);
        Assert.Contains($"after the event with ordering {last}", failure.Message);
        Assert.Contains(Address, failure.Message);
        Assert.Contains(damaged.CheckIntegrity(), fault => fault.Contains($"page {page + 1}", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void FileThatIsNoDatabase_IsNotOpenedAndNotTouched()
    {
        string text = string.Concat(Enumerable.Repeat("time,symbol,price\n", 500));
        File.WriteAllText(Address, text);
        var failure = Assert.Throws<JournalException>(() => new SqliteJournalStore(Address));
        Assert.Equal(JournalFailure.Corrupt, failure.Failure);
        Assert.Contains(Address, failure.Message);
        Assert.Equal(text, File.ReadAllText(Address));
    }

    [Fact]
    public void SomebodyElsesDatabase_IsNotOpenedAndNotTouched()
    {
        Execute("CREATE TABLE journal (id INTEGER PRIMARY KEY, entry TEXT)");
        var failure = Assert.Throws<JournalException>(() => new SqliteJournalStore(Address));
        Assert.Equal(JournalFailure.Incompatible, failure.Failure);
        Assert.Contains("table journal", failure.Message);
        Assert.Equal("journal", Assert.Single(Query("SELECT name FROM sqlite_schema"))[0]);
    }

    [Fact]
    public void DatabaseHeldBySomebodyElse_IsATypedAnswer_AndTheNextCommitSucceeds()
    {
        using var store = new SqliteJournalStore(Address, new JournalOptions { LockTimeout = TimeSpan.FromMilliseconds(50) });
        using (var other = Connect())
        {
            using var hold = other.BeginTransaction(deferred: false);
            var failure = Assert.Throws<JournalException>(() => store.Commit([Event("symbol-A", 1)]));
            Assert.Equal(JournalFailure.Locked, failure.Failure);
            Assert.Empty(All(store));
            store.CheckAlive(); // reading continues
        }
        store.Commit([Event("symbol-A", 1)]);
        Assert.Single(All(store));
    }

    [Fact]
    public void JournalThatMayNotGrow_IsFull_KeepsWhatItHas_AndTakesMoreAfterADeletion()
    {
        using var store = new SqliteJournalStore(Address, new JournalOptions { MaxPages = 100 });
        long number = 0;
        var failure = Assert.Throws<JournalException>(() =>
        {
            while (number < 1000)
            {
                store.Commit([Event("symbol-A", number + 1, new string('x', 1000)), Event("symbol-B", number + 1, new string('y', 1000))]);
                number++;
            }
        });
        Assert.Equal(JournalFailure.Full, failure.Failure);
        Assert.InRange(number, 10, 500);
        Assert.Equal([new("symbol-A", number), new("symbol-B", number)], store.Heads());
        Assert.Equal(2 * number, All(store).Count);

        store.Delete([new("symbol-A", number, 0), new("symbol-B", number, 0)]);
        store.Commit([Event("symbol-A", number + 1)]);
        Assert.Equal(number + 1, Assert.Single(All(store)).Number);
    }

    [Fact]
    public void LogThatIsCopiedNowAndThen_StaysSmall_AndLosesNothing()
    {
        const int commits = 400;
        using var store = new SqliteJournalStore(Address, new JournalOptions { CheckpointBytes = 256 << 10 });
        long largest = 0;
        for (int number = 1; number <= commits; number++)
        {
            store.Commit([Event("symbol-A", number, new string('x', 20_000)), Event("symbol-B", number, new string('y', 20_000))]);
            largest = Math.Max(largest, new FileInfo(Address + "-wal").Length);
        }
        Assert.Equal(2 * commits, All(store).Count);
        // All data went through the log. Its exact size depends on the scheduler; the store must only keep it from growing without limit.
        Assert.True(new FileInfo(Address).Length > 4 << 20, "nothing was copied into the database");
        Assert.True(largest < commits * 40_000L, $"the log grew to {largest} bytes");
        store.CheckAlive();
    }

    [Fact]
    public void DatabaseFileThatIsGone_IsNotAlive()
    {
        using var store = Open();
        store.CheckAlive();
        File.Move(Address, folder.File("elsewhere.db"));
        var failure = Assert.Throws<JournalException>(store.CheckAlive);
        Assert.Equal(JournalFailure.Unavailable, failure.Failure);
    }

    [Fact]
    public void DirectoryOnWhichNothingCanBeMade_IsReadOnly()
    {
        // A file has the name of the directory: no user, root included, can create a file below it.
        File.WriteAllText(folder.File("data"), "");
        var failure = Assert.Throws<JournalException>(() => new SqliteJournalStore(Path.Combine(folder.File("data"), "journal.db")));
        Assert.Equal(JournalFailure.ReadOnly, failure.Failure);
    }

    [SkippableFact]
    public void ReadOnlyVolume_IsReadOnly_AndAFullOneIsFull()
    {
        string volume = folder.File("volume");
        Directory.CreateDirectory(volume);
        Skip.IfNot(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", volume),
            "needs the right to mount a small volume");
        try
        {
            string path = Path.Combine(volume, "journal.db");
            long number = 0;
            using (var store = new SqliteJournalStore(path))
            {
                var full = Assert.Throws<JournalException>(() =>
                {
                    while (number < 1000) { store.Commit([Event("symbol-A", number + 1, new string('x', 10_000))]); number++; }
                });
                Assert.Equal(JournalFailure.Full, full.Failure);
                Assert.Equal(number, All(store).Count);
            }
            using (var store = new SqliteJournalStore(path)) Assert.Equal(number, All(store).Count);

            Assert.True(Run("mount", "-o", "remount,ro", volume));
            var readOnly = Assert.Throws<JournalException>(() => new SqliteJournalStore(path));
            Assert.Equal(JournalFailure.ReadOnly, readOnly.Failure);
        }
        finally
        {
            Run("umount", volume);
        }
    }

    [SkippableFact]
    public void ReadOnlyFolder_IsReadOnly()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "a privileged user may write anywhere");
        Open().Dispose();
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var failure = Assert.Throws<JournalException>(() => new SqliteJournalStore(Address));
            Assert.Equal(JournalFailure.ReadOnly, failure.Failure);
        }
        finally
        {
            SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Commit_AllocatesNothing()
    {
        using var store = Open();
        var batch = new JournalEntry[50];
        var payload = Encoding.UTF8.GetBytes(new string('x', 600));
        long number = 0;
        void Next()
        {
            for (int i = 0; i < batch.Length; i++) batch[i] = new JournalEntry("symbol-A", ++number, "ta1", payload);
            store.Commit(batch);
        }
        for (int i = 0; i < 10; i++) Next();
        Assert.InRange(Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++) Next();
        }), 0, 1000);
    }

    private void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Path, mode);
    }

    private void CopyTo(string path)
    {
        File.WriteAllBytes(path, ReadShared(Address));
        File.WriteAllBytes(path + "-wal", ReadShared(Address + "-wal"));
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

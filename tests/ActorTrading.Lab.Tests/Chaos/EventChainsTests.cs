using ActorTrading.Engine.Journal;
using ActorTrading.Lab.Chaos;
using ActorTrading.TestKit;
using Microsoft.Data.Sqlite;

namespace ActorTrading.Lab.Tests.Chaos;

public sealed class EventChainsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("1a 2a 3b 4a", 0, 3)]
    [InlineData("1a 2a 4b", 1, 3)]
    [InlineData("2a 3a", 1, 2)]
    public void ChainWithAGap_IsFound(string events, long broken, long writers)
    {
        var file = Path.Combine(folder.Path, JournalStore.FileName);
        JournalStore.Open(file).Dispose();
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            Write(connection, "symbol-AAPL", events);
            Write(connection, "symbol-MSFT", "1x 2x");
            Write(connection, "administrator", "7p 9q"); // not a symbol: ignored
        }

        Assert.Equal((2, broken, writers), EventChains.Count(null, file));
    }

    private static void Write(SqliteConnection connection, string id, string events)
    {
        foreach (var one in events.Split(' '))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, writer_uuid) "
                + "VALUES (0, 0, $id, $number, x'00', $writer)";
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$number", one[0] - '0');
            command.Parameters.AddWithValue("$writer", one[1..]);
            command.ExecuteNonQuery();
        }
    }
}

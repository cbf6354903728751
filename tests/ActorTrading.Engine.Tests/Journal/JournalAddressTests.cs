using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Journal.Postgres;
using ActorTrading.Engine.Journal.Sqlite;
using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests.Journal;

public sealed class JournalAddressTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{0}", "journal.db")]
    [InlineData("{0}/", "journal.db")]
    [InlineData("{0}/new/data", "new/data/journal.db")]
    [InlineData("{0}/ticks.sqlite", "ticks.sqlite")]
    [InlineData("{0}/a=b", "a=b/journal.db")]
    [InlineData("Data Source={0}/ticks.db", "ticks.db")]
    [InlineData("data source={0}", "journal.db")]
    [InlineData("Filename={0}/ticks.db;Pooling=False", "ticks.db")]
    public void PathOrDataSource_IsAFileOfSqlite(string address, string file)
    {
        using var store = JournalStore.Open(string.Format(address, folder.Path));
        Assert.IsType<SqliteJournalStore>(store);
        Assert.Equal(folder.File(file), store.Location);
        Assert.True(File.Exists(store.Location));
    }

    [Theory]
    [InlineData("Host=db;Database=trading", 12)] // several nodes share the server's hundred connections
    [InlineData("postgres://node@db/trading", 12)]
    [InlineData("Host=db;Maximum Pool Size=30", 30)]
    [InlineData("Host=db;MaxPoolSize=100", 100)]
    public void ConnectionsOfANode_AreFew_UnlessTheAddressSaysOtherwise(string address, int most) =>
        Assert.Equal(most, PostgresAddress.Parse(address).MaxPoolSize);

    [Theory]
    [InlineData("Host=db;Password=hunter2;nonsense=1")]
    [InlineData("Host=db;Port=hunter2")]
    [InlineData("Host=db;Password=hunter2;SSL Mode=maybe")]
    [InlineData("Password=hunter2;Database=trading")]
    [InlineData("Data Source=x.db;Password=hunter2")]
    [InlineData("Data Source=x.db;Passwort=hunter2")]
    [InlineData("postgres://node:hunter2@db:99999/trading")]
    [InlineData("postgres://node:hunter2@db/trading?nonsense=1")]
    public void AddressThatIsNotUnderstood_IsRefusedWithoutBeingQuoted(string address)
    {
        var failure = Assert.Throws<JournalException>(() => JournalStore.Open(address));
        Assert.Equal(JournalFailure.Incompatible, failure.Failure);
        Assert.DoesNotContain("hunter2", failure.ToString());
    }
}

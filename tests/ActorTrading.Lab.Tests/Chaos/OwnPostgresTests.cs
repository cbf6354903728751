using ActorTrading.Host;
using ActorTrading.Lab.Chaos;
using ActorTrading.TestKit;
using Npgsql;

namespace ActorTrading.Lab.Tests.Chaos;

public sealed class OwnPostgresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public async Task ServerThatIsStoppedOrCrashes_IsThereAgainWithWhatWasCommitted()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        string address;
        await using (var server = await StartAsync(patience.Token))
        {
            address = server.Address;
            Execute(address, "CREATE TABLE kept (number int)");
            foreach (var inOrder in (bool[])[true, false])
            {
                Execute(address, "INSERT INTO kept VALUES (1)");
                await server.StopAsync(inOrder, patience.Token);
                Assert.ThrowsAny<NpgsqlException>(() => Execute(address, "SELECT 1"));
                await server.StartAsync(patience.Token);
            }

            Assert.Equal(2L, Execute(address, "SELECT COUNT(*) FROM kept"));
        }

        Assert.ThrowsAny<NpgsqlException>(() => Execute(address, "SELECT 1")); // it ends with its owner
    }

    [SkippableFact]
    public async Task ServerThatDoesNotStart_SaysWhy()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var server = await StartAsync(patience.Token);
        var refused = await Assert.ThrowsAsync<CommandException>(() => server.StartAsync(patience.Token));
        Assert.Contains("another server might be running", refused.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
    }

    private async Task<OwnPostgres> StartAsync(CancellationToken cancellation)
    {
        try
        {
            PostgresPrograms.Find();
        }
        catch (CommandException missing)
        {
            Skip.If(true, missing.Message);
        }

        return await OwnPostgres.StartAsync(folder.File("postgres"), cancellation);
    }

    private static object? Execute(string address, string sql)
    {
        using var connection = new NpgsqlConnection(address + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}

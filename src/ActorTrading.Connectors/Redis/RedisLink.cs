using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>The connection of a connector, opened at first use. Thread-safe.</summary>
internal sealed class RedisLink(RedisServer server, string name) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private ConnectionMultiplexer? connection;

    /// <summary>The address, for logs.</summary>
    public string Peer => string.Join(',', server.Addresses);

    /// <summary>The database, connected or not.</summary>
    public async Task<IDatabase> DatabaseAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            connection ??= await ConnectionMultiplexer.ConnectAsync(server.ToConfiguration(name)).ConfigureAwait(false);
            return connection.GetDatabase();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The parts of a response; null if it is any kind of nil.</summary>
    public static RedisResult[]? Parts(RedisResult answer) => answer.IsNull ? null : (RedisResult[]?)answer;

    /// <summary>The message of a failure, on one line.</summary>
    public static string Reason(Exception exception)
    {
        var all = new List<string>();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AggregateException { InnerException: not null }) continue;
            // Cuts the client's counters from the end of the message.
            var message = cause.Message.Split(new[] { ", command=", ", mc: ", ", inst: " }, StringSplitOptions.None)[0];
            if (!all.Contains(message)) all.Add(message);
        }

        return string.Join(": ", all).ReplaceLineEndings(" ");
    }

    /// <summary>Closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
        gate.Dispose();
    }
}

using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>The connection of a connector, made when it is first needed. Safe for any number of threads.</summary>
internal sealed class RedisLink(RedisServer server, string name) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private ConnectionMultiplexer? connection;

    /// <summary>Where it goes to, as logs say it.</summary>
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

    /// <summary>The parts of an answer; null where it is nil, be it of what kind.</summary>
    public static RedisResult[]? Parts(RedisResult answer) => answer.IsNull ? null : (RedisResult[]?)answer;

    /// <summary>What a failure says, in a line.</summary>
    public static string Reason(Exception exception)
    {
        var all = new List<string>();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AggregateException { InnerException: not null }) continue;
            // The client's messages end in counters of its own.
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

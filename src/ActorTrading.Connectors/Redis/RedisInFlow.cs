using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// The graph of one key: read, submit, wait until durable, settle, in the order of the messages. After a failure it restarts under a new
/// lease with the unsettled messages; those that the failed attempt had submitted become duplicates.
/// </summary>
internal sealed class RedisInFlow(
    IRedisReader reader, RedisLink link, RedisInOptions options, ConnectorServices services, ConnectorMeter meter)
{
    private const int InFlight = 8;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly RestartSettings Backoff = RestartSettings.Create(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), 0.2);

    private readonly SharedKillSwitch intake = KillSwitches.Shared("intake");
    private readonly SharedKillSwitch whole = KillSwitches.Shared("whole");
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new(); // guards the last attempt against a concurrent stop
    private Task running = Task.CompletedTask;
    private Task lastAttempt = Task.CompletedTask;

    /// <summary>Called when the phase or the lag changes.</summary>
    public Action Changed { get; init; } = static () => { };

    /// <summary>The current phase.</summary>
    public ConnectorPhase Phase { get; private set; } = ConnectorPhase.Connecting;

    /// <summary>Number of waiting messages; null if unknown.</summary>
    public long? Lag { get; private set; }

    /// <summary>Starts the graph.</summary>
    public void Start() => running = RestartSource.OnFailuresWithBackoff(Attempt, Backoff)
        .Via(whole.Flow<Done>())
        .RunWith(Sink.Ignore<Done>(), services.System.Materializer());

    /// <summary>Stops reading, waits until the messages read are durable and settled, and releases the lease.</summary>
    public async Task StopAsync()
    {
        Task last;
        lock (gate)
        {
            stopping.Cancel();
            last = lastAttempt;
        }

        intake.Shutdown();
        await Task.WhenAny(last, Task.Delay(StopPatience)).ConfigureAwait(false);
        whole.Shutdown();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await last.ConfigureAwait(false);
    }

    private Source<Done, NotUsed> Attempt()
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested) return Source.Empty<Done>();
            var attempt = new RedisInAttempt(reader, link, options, services, meter) { Entered = Enter, LagIs = Waits };
            var ended = new TaskCompletionSource();
            var previous = lastAttempt;
            lastAttempt = ended.Task;
            return Source
                .UnfoldAsync(attempt, attempt => attempt.ReadAsync(previous, stopping.Token))
                .Via(intake.Flow<RedisBatch>())
                .SelectAsync(1, attempt.HandOverAsync)
                .SelectAsync(InFlight, RedisInAttempt.WaitAsync)
                .SelectAsync(1, attempt.SettleAsync)
                .WatchTermination((unused, end) =>
                {
                    _ = EndAsync(attempt, end, ended);
                    return unused;
                });
        }
    }

    private async Task EndAsync(RedisInAttempt attempt, Task end, TaskCompletionSource ended)
    {
        try
        {
            await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await attempt.EndAsync().ConfigureAwait(false);
            if (end.Exception is not { } failure || stopping.IsCancellationRequested) return;
            if (failure.GetBaseException() is LeaseLostException)
            {
                Enter(ConnectorPhase.Standby);
                return;
            }

            Enter(ConnectorPhase.Connecting);
            meter.Failed($"{reader.Key}: {RedisLink.Reason(failure)}");
        }
        finally
        {
            ended.SetResult();
        }
    }

    private void Enter(ConnectorPhase phase)
    {
        Phase = phase;
        Changed();
    }

    private void Waits(long? lag)
    {
        Lag = lag;
        Changed();
    }
}

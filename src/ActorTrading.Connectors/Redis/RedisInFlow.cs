using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// The graph of one key: read, hand over, wait until durable, settle, each in the order of the messages. After a failure it begins
/// again, under a new lease, with what is not settled; of what the failed attempt handed over, that makes duplicates.
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
    private readonly Lock gate = new(); // guards the last attempt against a stop
    private Task running = Task.CompletedTask;
    private Task lastAttempt = Task.CompletedTask;

    /// <summary>Told when the phase or the lag is another one.</summary>
    public Action Changed { get; init; } = static () => { };

    /// <summary>What it does now.</summary>
    public ConnectorPhase Phase { get; private set; } = ConnectorPhase.Connecting;

    /// <summary>Messages that wait; null where that is not known.</summary>
    public long? Lag { get; private set; }

    /// <summary>Begins.</summary>
    public void Start() => running = RestartSource.OnFailuresWithBackoff(Attempt, Backoff)
        .Via(whole.Flow<Done>())
        .RunWith(Sink.Ignore<Done>(), services.System.Materializer());

    /// <summary>Reads nothing more, waits until what was read is durable and settled, and gives the lease back.</summary>
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

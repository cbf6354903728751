using System.Runtime.CompilerServices;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorTrading.Connectors.Outbound;

/// <summary>
/// Sends a stream of results to another system, at least once, in order per key. Resumes after the last result that the other system has,
/// so that a crash loses nothing; a result that is sent twice has the same id. While the other system is unavailable it keeps a bounded
/// number of results and reads the others later. In a cluster only the active node sends.
/// </summary>
public sealed class ResultConnector : IConnector
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly string name;
    private readonly ConnectorServices services;
    private readonly ResultOptions options;
    private readonly Func<ConnectorMeter, IResultTarget> connect;
    private readonly IResultStream results;
    private readonly ResultCursor cursor;
    private readonly ConnectorMeter meter;
    private readonly CancellationTokenSource stopping = new(); // not disposed: a starting attempt reads it
    private readonly Lock sync = new();
    private UniqueKillSwitch? killSwitch;
    private ITimer? saving;
    private Task attempt = Task.CompletedTask; // the current or last connection
    private ResultPosition delivered;
    private ResultPosition saved;
    private bool isDisposed;

    /// <param name="name">The name of the connector; its cursor is stored under this name.</param>
    /// <param name="kind">The kind of the other system.</param>
    /// <param name="connect">Creates a connection. The connection can report to the meter failures from which it recovers by
    /// itself.</param>
    public ResultConnector(
        string name, string kind, ConnectorServices services, ResultOptions options, Func<ConnectorMeter, IResultTarget> connect)
    {
        (this.name, this.services, this.options, this.connect) = (name, services, options, connect);
        meter = new ConnectorMeter(name, kind, ConnectorDirection.Out, services);
        results = ResultStreams.Of(services, options, name);
        cursor = new ResultCursor(Path.Combine(services.Folder, $"{name}.cursor"));
    }

    /// <summary>Maximum number of unacknowledged results.</summary>
    public int Window { get; init; } = 1_024;

    /// <summary>
    /// Maximum delay between two connections. The first delay after a failure is 1/60 of it; each further delay is doubled.
    /// </summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public ConnectorStatus Status
    {
        get
        {
            ResultPosition at;
            lock (sync) at = delivered;
            return meter.Status with { Lag = results.CountAfter(at) };
        }
    }

    /// <inheritdoc/>
    public void Start()
    {
        saving = services.Time.CreateTimer(_ => Save(), null, SaveEvery, SaveEvery);
        killSwitch = RestartSource.WithBackoff(Attempt, RestartSettings.Create(LongestWait / 60, LongestWait, randomFactor: 0.2))
            .ViaMaterialized(KillSwitches.Single<ResultMessage>(), Keep.Right)
            .To(Sink.Ignore<ResultMessage>())
            .Run(services.System.Materializer());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true)) return;
        await stopping.CancelAsync().ConfigureAwait(false);
        await AttemptEndsAsync().ConfigureAwait(false); // including the results in flight
        killSwitch?.Shutdown();
        await AttemptEndsAsync().ConfigureAwait(false);
        if (saving is not null) await saving.DisposeAsync().ConfigureAwait(false);
        Save();
        meter.Stopped();
    }

    /// <summary>
    /// Sends results and emits each after the other system has stored it, until the connection fails or the node is no longer active.
    /// </summary>
    private Source<ResultMessage, NotUsed> Attempt()
    {
        if (stopping.IsCancellationRequested) return Source.Empty<ResultMessage>();
        var connection = connect(meter);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (sync) attempt = ended.Task;
        return Source.From(() => ReadAsync(connection, stopping.Token))
            .SelectAsync(Window, message => DeliverAsync(connection, message))
            .Select(Note)
            .WatchTermination((unused, termination) =>
            {
                _ = EndAsync(connection, termination, ended);
                return unused;
            });
    }

    private async Task EndAsync(IResultTarget connection, Task termination, TaskCompletionSource ended)
    {
        await termination.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (termination.Exception?.GetBaseException() is { } failure) meter.Failed(failure.Message);
        try
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            meter.Failed(exception.Message);
        }

        ended.SetResult();
    }

    private async Task AttemptEndsAsync()
    {
        Task last;
        lock (sync) last = attempt;
        await last.WaitAsync(Farewell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Reads results until the node stops or is no longer active. Then it completes, and the results in flight are awaited.
    /// </summary>
    private async IAsyncEnumerable<ResultMessage> ReadAsync(
        IResultTarget connection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = OpenAndReadAsync(connection, leaving).GetAsyncEnumerator(cancellation);
        await using (reading.ConfigureAwait(false))
        {
            while (await MoveNextAsync().ConfigureAwait(false)) yield return reading.Current;
        }

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await reading.MoveNextAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (leaving.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private async IAsyncEnumerable<ResultMessage> OpenAndReadAsync(IResultTarget connection, CancellationTokenSource leaving)
    {
        await BeginAsync(leaving.Token).ConfigureAwait(false);
        if (options.Problem(services.Engine.Plan) is { } problem) throw new ConnectorException(problem);
        for (; !IsActive; await Task.Delay(PollInterval, leaving.Token).ConfigureAwait(false)) meter.StandsBy();

        var after = Resume(await connection.OpenAsync(leaving.Token).ConfigureAwait(false));
        lock (sync) delivered = saved = after;
        meter.Connected(connection.Peer);
        services.Logger.ConnectorEvent(name, $"sends results after position {after}");
        await using var looking = new Timer(_ => LeaveIfPassive(leaving), null, PollInterval, PollInterval).ConfigureAwait(false);
        await foreach (var result in results.ReadAsync(after, leaving.Token).ConfigureAwait(false)) yield return result;
    }

    /// <summary>Stores the start position of a new connector, so that results before its first delivery are not lost in a crash.</summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        if (cursor.Load() is not null) return;
        cursor.Save(options.FromFirst ? default : await results.EndAsync(cancellation).ConfigureAwait(false), isBeginning: true);
    }

    /// <summary>The position to resume from: the later of the other system's position and the stored cursor.</summary>
    private ResultPosition Resume(ResultPosition? there) => (there, cursor.Load()) switch
    {
        (null, var kept) => kept?.Position ?? default,
        ({ } known, { IsBeginning: false } kept) => ResultPosition.Max(known, kept.Position),
        ({ } known, _) => known,
    };

    private async Task<ResultMessage> DeliverAsync(IResultTarget connection, ResultMessage message)
    {
        if (message.IsMark) return message;
        ResultPosition upTo;
        lock (sync) upTo = delivered;
        await connection.SendAsync(message, upTo).ConfigureAwait(false);
        return message;
    }

    private ResultMessage Note(ResultMessage message)
    {
        lock (sync) delivered = message.Position;
        if (!message.IsMark) meter.Handled(1);
        return message;
    }

    private void Save()
    {
        ResultPosition position;
        lock (sync)
        {
            if (delivered == saved) return;
            position = saved = delivered;
        }

        try
        {
            cursor.Save(position);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            services.Logger.ConnectorNotice(
                name,
                $"its position cannot be saved, so after a restart it may send the current results again: {exception.Message}");
        }
    }

    private bool IsActive => results.IsOfNode || services.IsActive();

    private void LeaveIfPassive(CancellationTokenSource leaving)
    {
        if (IsActive) return;
        try
        {
            leaving.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt has already ended.
        }
    }
}

using System.Net.Sockets;

namespace ActorTrading.Lab.Hostile;

/// <summary>A kind of hostile client. It runs at its own pace until cancelled; broken connections are only counted.</summary>
internal abstract class HostileKind
{
    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>A short description of the behaviour.</summary>
    public abstract string What { get; }

    /// <summary>Runs the hostile behaviour.</summary>
    public abstract Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation);

    /// <summary>Repeats an action: a number of concurrent runs, with a pause after each.</summary>
    protected static Task AgainAsync(
        int atOnce, TimeSpan pause, KindTally tally, Func<Random, Task> once, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, atOnce).Select(number => Task.Run(
            async () =>
            {
                var random = new Random(number);
                while (!cancellation.IsCancellationRequested)
                {
                    await TriedAsync(tally, () => once(random), cancellation);
                    await Task.Delay(pause, cancellation).ContinueWith(static _ => { }, TaskScheduler.Default);
                }
            },
            CancellationToken.None)));

    /// <summary>Runs an action once and counts its failure.</summary>
    protected static async Task TriedAsync(KindTally tally, Func<Task> once, CancellationToken cancellation)
    {
        try
        {
            await once();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The test has ended.
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or HttpRequestException
            or System.Net.WebSockets.WebSocketException or ObjectDisposedException or InvalidDataException)
        {
            tally.Got(Reason(broken));
        }
    }

    private static string Reason(Exception broken) => (
        broken as SocketException ?? broken.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionReset or SocketError.Shutdown => "cut off",
        SocketError.ConnectionRefused => "no connection",
        { } other => other.ToString(),
        null => broken is OperationCanceledException ? "no answer in time" : "cut off",
    };
}

using System.Net.Sockets;

namespace ActorTrading.Lab.Hostile;

/// <summary>
/// One way to be hostile. It goes on, at a pace of its own, until it is cancelled; what breaks its connections is only counted.
/// </summary>
internal abstract class HostileKind
{
    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in a few words.</summary>
    public abstract string What { get; }

    /// <summary>Does it.</summary>
    public abstract Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation);

    /// <summary>Does something again and again, so many at a time, with a pause after each.</summary>
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

    /// <summary>Does something once.</summary>
    protected static async Task TriedAsync(KindTally tally, Func<Task> once, CancellationToken cancellation)
    {
        try
        {
            await once();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The trial is over.
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

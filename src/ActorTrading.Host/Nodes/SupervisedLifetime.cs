using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace ActorTrading.Host.Nodes;

/// <summary>
/// Stops the host at SIGTERM and at the end of the standard input, and ignores Ctrl-C: a terminal sends that to all programs that
/// were started from it at once, and the one that started this node decides when it stops.
/// </summary>
internal sealed class SupervisedLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private PosixSignalRegistration? interrupt;
    private PosixSignalRegistration? terminate;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            application.StopApplication();
        });
        new Thread(StopAtEndOfInput) { IsBackground = true, Name = "end of input" }.Start(); // there is no other way to hear of the end
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        interrupt?.Dispose();
        terminate?.Dispose();
    }

    private void StopAtEndOfInput()
    {
        try
        {
            using var input = Console.OpenStandardInput();
            input.CopyTo(Stream.Null);
        }
        catch (IOException)
        {
            // A terminal that went away is an end, too.
        }

        application.StopApplication();
    }
}

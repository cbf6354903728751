using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace ActorTrading.Host.Nodes;

/// <summary>
/// Stops the host at SIGTERM and at the end of standard input. Ignores Ctrl-C: a terminal sends it to all programs started from it at once,
/// and the parent process decides when this node stops.
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
        new Thread(StopAtEndOfInput) { IsBackground = true, Name = "end of input" }.Start(); // the only way to detect the end
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
            // A closed terminal counts as the end of input.
        }

        application.StopApplication();
    }
}

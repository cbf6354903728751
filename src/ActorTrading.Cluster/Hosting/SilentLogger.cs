using Akka.Event;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Takes the place of Akka.NET's logger to standard output. An actor system that stops gives that logger what its other
/// loggers have not written yet, whatever <c>stdout-loglevel</c> says, and standard output is the command's own.
/// </summary>
internal sealed class SilentLogger : MinimalLogger
{
    protected override void Log(object message)
    {
    }
}

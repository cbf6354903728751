using Akka.Event;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Replaces Akka.NET's logger to standard output. A stopping actor system passes it the messages that the other loggers have not
/// written yet, whatever <c>stdout-loglevel</c> is. Standard output belongs to the command.
/// </summary>
internal sealed class SilentLogger : MinimalLogger
{
    protected override void Log(object message)
    {
    }
}

using ActorTrading.Host.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTrading.Host.Tests.Logging;

/// <summary>Gives a logger the events of a node, without those of its components.</summary>
internal sealed class NodeLoggers(ILogger logger) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => categoryName == NodeLogging.Category ? logger : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}

using Akka.Actor;
using Akka.Configuration;

namespace ActorTrading.Connectors;

/// <summary>The actor system that the graphs of connectors run in: local to the process, on both engines.</summary>
public static class ConnectorSystem
{
    // The process is its host's: neither its end nor that of the system ends the other. Connectors log what they do themselves.
    private const string Settings = """
        akka {
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
          }
        }
        """;

    /// <summary>Makes it; its owner terminates it.</summary>
    public static ActorSystem Create() => ActorSystem.Create("connectors", ConfigurationFactory.ParseString(Settings));
}

using Akka.Actor;
using Akka.Configuration;

namespace ActorTrading.Connectors;

/// <summary>The actor system that the graphs of connectors run in: local to the process, on both engines.</summary>
public static class ConnectorSystem
{
    // The host owns the process: the end of the process and the end of this system do not trigger each other. Connectors write their own
    // logs.
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

    /// <summary>Creates the system; the caller terminates it.</summary>
    public static ActorSystem Create() => ActorSystem.Create("connectors", ConfigurationFactory.ParseString(Settings));
}

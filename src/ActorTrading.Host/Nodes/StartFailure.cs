using System.Net.Sockets;
using System.Security.Authentication;
using ActorTrading.Cluster;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Host.Webhooks;

namespace ActorTrading.Host.Nodes;

/// <summary>Explains to the operator why a node cannot start.</summary>
internal static class StartFailure
{
    /// <summary>The message and the exit code; null for a bug in the program.</summary>
    /// <param name="exception">The exception that the start ended with.</param>
    /// <param name="options">The options of the node.</param>
    /// <param name="isOpeningHttp">Whether the web server was started and does not listen yet.</param>
    public static CommandException? Of(Exception exception, NodeOptions options, bool isOpeningHttp)
    {
        var message = exception.Message;
        return exception switch
        {
            CommandException or OperationCanceledException => null,
            JournalException { Failure: JournalFailure.Full or JournalFailure.ReadOnly } =>
                new CommandException(ExitCode.BadOutput, message),
            JournalException or RecoveryException or PlanChangeException or EngineStoppedException =>
                new CommandException(ExitCode.BadInput, message),
            WebhookException or AccessException or CertificateException => new CommandException(ExitCode.BadInput, message),
            TimeoutException or AuthenticationException => new CommandException(ExitCode.NoNode, message),
            IOException or SocketException or InvalidOperationException when isOpeningHttp =>
                new CommandException(ExitCode.BadOutput, $"HTTP: {message}"),
            IOException => new CommandException(ExitCode.BadOutput, message),
            _ when ClusterEngine.SocketFault(exception) is { } cause => new CommandException(ExitCode.BadOutput,
                $"cluster port {options.Cluster.Host}:{options.Cluster.Port}: {cause.Message}; --cluster-port sets another one, "
                + "0 any free port"),
            _ => null,
        };
    }
}

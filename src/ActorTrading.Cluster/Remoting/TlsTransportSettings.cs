using Akka.Configuration;

namespace ActorTrading.Cluster.Remoting;

/// <summary>What <see cref="TlsTransport"/> goes by: those of Akka.NET's own transport, so that a cluster is tuned by the same keys with encryption and without.</summary>
internal sealed record TlsTransportSettings(string Host, int Port, string PublicHost, int? PublicPort, int MaxFrame, int Backlog, TimeSpan ConnectTimeout)
{
    public static TlsTransportSettings Read(Config config)
    {
        var host = config.GetString("hostname") is { Length: > 0 } told ? told : "0.0.0.0";
        return new TlsTransportSettings(
            host,
            config.GetInt("port"),
            config.GetString("public-hostname") is { Length: > 0 } seen ? seen : host,
            config.GetInt("public-port") is > 0 and var port ? port : null,
            (int)(config.GetByteSize("maximum-frame-size", null) ?? 128_000),
            config.GetInt("backlog", 4_096),
            config.GetTimeSpan("connection-timeout", TimeSpan.FromSeconds(15)));
    }
}

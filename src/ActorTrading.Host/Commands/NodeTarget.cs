using System.CommandLine;
using System.Net;
using ActorTrading.Client;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Client;

namespace ActorTrading.Host.Commands;

/// <summary>
/// Options for the TCP port of a node and the TLS settings of the connection. Each command adds the port option to its own list.
/// </summary>
internal sealed class NodeTarget
{
    private readonly Credentials credentials = new();

    public Option<DnsEndPoint?> To { get; } = AddressOption.CreateNamed(
        "--to", $"Name or address and port of the node. Default: 127.0.0.1:{IngestOptions.DefaultPort}.");

    public Option<bool> Tls { get; } = new("--tls")
    {
        Description = "Encrypt with TLS. Implied by --ca, --certificate and --tls-name.",
    };

    public Option<string?> TlsName { get; } = new("--tls-name")
    {
        Description = "Name that the node's certificate must contain. Default: its address.", HelpName = "NAME",
    };

    /// <summary>Adds the options for the token and the certificates.</summary>
    public void AddCredentialsTo(Command command) => credentials.AddTo(command);

    /// <summary>Reads the connection options.</summary>
    /// <exception cref="CommandException">A token or certificate file cannot be read.</exception>
    public FeedOptions Read(ParseResult parsed, Source source)
    {
        var address = parsed.GetValue(To) ?? new DnsEndPoint("127.0.0.1", IngestOptions.DefaultPort);
        var name = parsed.GetValue(TlsName);
        var isEncrypted = parsed.GetValue(Tls) || name is not null || credentials.NeedEncryption(parsed);
        return new FeedOptions
        {
            Host = address.Host,
            Port = address.Port,
            Source = source,
            Token = credentials.Token(parsed, address.Host, isEncrypted),
            Tls = isEncrypted
                ? new FeedTls
                {
                    HostName = name, Authorities = credentials.Authorities(parsed), Certificate = credentials.Certificate(parsed),
                }
                : null,
        };
    }
}

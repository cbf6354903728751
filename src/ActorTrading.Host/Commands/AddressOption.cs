using System.CommandLine;
using System.Net;

namespace ActorTrading.Host.Commands;

/// <summary>Command-line options for the address of a node's port, which is above 0.</summary>
internal static class AddressOption
{
    /// <summary>Creates an option for a host name or an IP address. A name is resolved for each connection.</summary>
    public static Option<DnsEndPoint?> CreateNamed(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HOST:PORT",
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var address)
                && address is { Port: > 0, AbsolutePath: "/", UserInfo: "" } && address.Host.Length > 0)
                return new DnsEndPoint(address.DnsSafeHost, address.Port);
            result.AddError($"'{text}' is not an address with a port.");
            return null;
        },
    };

    /// <summary>Creates an option for an IP address.</summary>
    public static Option<IPEndPoint?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HOST:PORT",
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (IPEndPoint.TryParse(text, out var address) && address.Port > 0) return address;
            result.AddError($"'{text}' is not an address with a port.");
            return null;
        },
    };
}

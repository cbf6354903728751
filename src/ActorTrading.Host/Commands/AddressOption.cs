using System.CommandLine;
using System.Net;

namespace ActorTrading.Host.Commands;

/// <summary>An option that is an IP address with a port above 0.</summary>
internal static class AddressOption
{
    public static Option<IPEndPoint?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HOST:PORT",
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (IPEndPoint.TryParse(text, out var address) && address.Port > 0) return address;
            result.AddError($"'{text}' is no address with a port.");
            return null;
        },
    };
}

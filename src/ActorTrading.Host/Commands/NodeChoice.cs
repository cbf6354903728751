using System.CommandLine;
using ActorTrading.Host.Api;
using ActorTrading.Host.Web;

namespace ActorTrading.Host.Commands;

/// <summary>Options of commands that query a running node.</summary>
/// <param name="name">The name of the option for the address of its API.</param>
/// <param name="description">The description of that option.</param>
/// <param name="isOptional">Whether a missing option means no node; otherwise it means the default address.</param>
internal sealed class NodeChoice(string name = "--node", string description = "The address of the node's API.", bool isOptional = false)
{
    private static readonly Uri Default = new($"http://127.0.0.1:{WebOptions.DefaultPort}");

    private readonly Option<Uri?> node = new(name)
    {
        Description = description,
        HelpName = "URL",
        DefaultValueFactory = _ => isOptional ? null : Default,
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (!text.Contains("://", StringComparison.Ordinal)) text = "http://" + text;
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
            result.AddError($"'{result.Tokens.Single().Value}' is not an address such as {Default.OriginalString}.");
            return Default;
        },
    };

    private readonly Credentials credentials = new();

    public void AddTo(Command command)
    {
        command.Options.Add(node);
        credentials.AddTo(command);
    }

    /// <summary>Creates a client of the named node.</summary>
    /// <exception cref="CommandException">The credentials cannot be read.</exception>
    public NodeApi Open(ParseResult parsed) => TryOpen(parsed)!;

    /// <summary>Like <see cref="Open"/>; null when no node was named.</summary>
    /// <exception cref="CommandException">The credentials cannot be read.</exception>
    public NodeApi? TryOpen(ParseResult parsed)
    {
        if (parsed.GetValue(node) is not { } address) return null;
        var isEncrypted = address.Scheme == Uri.UriSchemeHttps;
        if (!isEncrypted && credentials.NeedEncryption(parsed))
            throw new CommandException(ExitCode.Usage, $"{address}: --ca and --certificate require https.");
        return new NodeApi(
            address, credentials.Token(parsed, address.Host, isEncrypted), credentials.Authorities(parsed),
            credentials.Certificate(parsed));
    }
}

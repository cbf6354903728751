using System.CommandLine;
using ActorTrading.Host.Api;
using ActorTrading.Host.Web;

namespace ActorTrading.Host.Commands;

/// <summary>The options of commands that ask a running node.</summary>
internal sealed class NodeChoice
{
    private const string TokenVariable = "ACTORTRADING_TOKEN";

    private static readonly Uri Default = new($"http://127.0.0.1:{WebOptions.DefaultPort}");

    private readonly Option<Uri> node = new("--node")
    {
        Description = "The address of the node's API.",
        HelpName = "URL",
        DefaultValueFactory = _ => Default,
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (!text.Contains("://", StringComparison.Ordinal)) text = "http://" + text;
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
            result.AddError($"'{result.Tokens.Single().Value}' is no address such as {Default.OriginalString}.");
            return Default;
        },
    };

    private readonly Option<string?> tokenFile = new("--token-file") { Description = $"A file with the token to show; the variable {TokenVariable} when left out.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Options.Add(node);
        command.Options.Add(tokenFile);
    }

    /// <summary>A client of the node that was named.</summary>
    /// <exception cref="CommandException">The file of the token cannot be read, or holds none.</exception>
    public NodeApi Open(ParseResult parsed) => new(parsed.GetRequiredValue(node), Token(parsed));

    private string Token(ParseResult parsed)
    {
        if (parsed.GetValue(tokenFile) is not { } path) return Environment.GetEnvironmentVariable(TokenVariable)?.Trim() ?? "";
        try
        {
            var token = File.ReadAllText(path).Trim();
            return token.Length > 0 && token.All(c => c is > ' ' and <= '~') ? token : throw new CommandException(ExitCode.BadInput, $"{path}: holds no token.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: cannot be read: {exception.Message}");
        }
    }
}

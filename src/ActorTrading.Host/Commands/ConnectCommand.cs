using System.CommandLine;
using ActorTrading.Client;
using ActorTrading.Connectors.Exchanges;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Feeding;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>connect</c>: connects an exchange to a node until cancelled.</summary>
internal static class ConnectCommand
{
    private const string Description =
        "Send the market data of an exchange to a node, each trade once. Reconnects and requests missed data. "
        + "Lines +SYMBOL and -SYMBOL on the standard input add and remove symbols.";

    private const string ExampleLines =
        """
        actortrading connect binance BTCUSDT,ETHUSDT
        actortrading connect kraken BTC/USD --channels trades,quotes,books --to node-1.example:9999
        actortrading connect coinbase BTC-USD --to 10.0.0.5:9999 --ca authority.crt --token-file token.txt
        actortrading connect alpaca AAPL,MSFT --key-file key.txt --secret-file secret.txt
        """;

    private const string KeyVariable = "ACTORTRADING_EXCHANGE_KEY";
    private const string SecretVariable = "ACTORTRADING_EXCHANGE_SECRET";

    private static readonly TimeSpan LastTimeout = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var exchange = new Argument<string>("EXCHANGE") { Description = $"One of {string.Join(", ", ExchangeRegistry.Names)}." };
        var symbols = new Argument<string>("SYMBOLS") { Description = "Symbols as named by the exchange, separated by commas." };
        var node = new NodeTarget();
        var channels = new Option<string>("--channels")
        {
            Description = "Channels per symbol: trades, quotes, books, klines.", HelpName = "A,B,...", DefaultValueFactory = _ => "trades",
        };
        var interval = new Option<string>("--interval")
            { Description = "The interval of klines.", HelpName = "1m", DefaultValueFactory = _ => "1m" };
        var depth = new Option<int>("--depth")
            { Description = "Levels of an order book on each side, 1 to 50.", HelpName = "N", DefaultValueFactory = _ => 25 };
        var url = Address("--url", "WebSocket address, instead of that of the exchange.", "ws", "wss");
        var restUrl = Address("--rest-url", "Address of the REST endpoints, instead of that of the exchange.", "http", "https");
        var keyFile = new Option<string?>("--key-file")
            { Description = $"File with the API key for a login. Default: the variable {KeyVariable}.", HelpName = "FILE" };
        var secretFile = new Option<string?>("--secret-file")
            { Description = $"File with the secret of the key. Default: the variable {SecretVariable}.", HelpName = "FILE" };
        var command = new Command("connect", Description)
            { exchange, symbols, node.To, channels, interval, depth, url, restUrl, keyFile, secretFile, node.Tls, node.TlsName };
        node.AddCredentialsTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(exchange);
            var options = new ExchangeOptions
            {
                Name = name,
                Exchange = name,
                Symbols = Texts(parsed.GetRequiredValue(symbols)),
                Channels = [.. Texts(parsed.GetRequiredValue(channels)).Select(Channel)],
                Interval = parsed.GetRequiredValue(interval),
                Depth = parsed.GetValue(depth),
                Url = parsed.GetValue(url),
                RestUrl = parsed.GetValue(restUrl),
                Login = Login(parsed.GetValue(keyFile), parsed.GetValue(secretFile)),
            };
            if (options.Problem() is { } problem) throw new CommandException(ExitCode.BadInput, problem.Text);
            // Epoch 0: trades have their own numbers, independent of when they are sent.
            var server = node.Read(parsed, Source.Parse(name));
            return RunAsync(options, server, Console.In, cancellation);
        });
        return command.WithExamples(ExampleLines);
    }

    private static async Task<int> RunAsync(ExchangeOptions options, FeedOptions server, TextReader input, CancellationToken cancellation)
    {
        using var loggers = NodeLogging.Create(new LogOptions());
        await using var progress = new FeedProgress(TimeProvider.System);
        await using var client = new FeedClient(server with
        {
            OnLatency = progress.OnLatency,
            OnDisconnect = why =>
            {
                if (!cancellation.IsCancellationRequested) Console.Error.Say($"{server.Host}:{server.Port}: {why}");
            },
        });
        progress.Begin(() => client.Status);
        Exception? refused = null;
        await using (var feed = new ExchangeFeed(options, client, TimeProvider.System, loggers.CreateLogger(NodeLogging.Category)))
        {
            feed.Start();
            _ = Task.Run(() => ReadSymbolsAsync(feed, input, cancellation), CancellationToken.None);
            var stopped = Task.Delay(Timeout.Infinite, cancellation);
            if (await Task.WhenAny(feed.Refused, stopped) == feed.Refused) refused = await feed.Refused;
        }

        try
        {
            using var patience = new CancellationTokenSource(LastTimeout);
            await client.FlushAsync(patience.Token);
        }
        catch (Exception exception) when (exception is FeedRefusedException or OperationCanceledException)
        {
            refused ??= exception;
        }

        await progress.DisposeAsync();
        var status = client.Status;
        Console.Out.WriteLine(FormattableString.Invariant(
            $"sent {status.Taken:N0}, acknowledged {status.Acknowledged:N0}, refused by the node {status.Rejected:N0}, ")
            + FormattableString.Invariant($"connections {status.Connections:N0}"));
        return refused switch
        {
            null => ExitCode.Ok,
            ExchangeException => throw new CommandException(ExitCode.BadInput, $"{options.Exchange}: {refused.Message}"),
            FeedRefusedException => throw new CommandException(ExitCode.BadOutput, $"{server.Host}:{server.Port}: {refused.Message}"),
            _ => throw new CommandException(ExitCode.BadOutput, $"{server.Host}:{server.Port}: the node has not acknowledged all records"),
        };
    }

    private static async Task ReadSymbolsAsync(ExchangeFeed feed, TextReader input, CancellationToken cancellation)
    {
        while (await input.ReadLineAsync(cancellation) is { } line)
        {
            var symbol = line.Trim();
            try
            {
                if (symbol is ['+', .. var added]) await feed.AddAsync(added.Trim(), cancellation);
                else if (symbol is ['-', .. var removed]) feed.Remove(removed.Trim());
                else if (symbol.Length > 0) Console.Error.Say($"'{symbol}' is neither +SYMBOL nor -SYMBOL");
            }
            catch (ArgumentException exception)
            {
                Console.Error.Say(exception.Message);
            }
        }
    }

    private static Option<Uri?> Address(string name, string description, params string[] schemes) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && schemes.Contains(address.Scheme))
                return address;
            result.AddError($"{name} requires an address of {string.Join(" or ", schemes)}, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private static string[] Texts(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ExchangeChannel Channel(string text) => ExchangeChannels.TryParse(text, out var channel)
        ? channel
        : throw new CommandException(
            ExitCode.BadInput, $"'{text}' is not a channel; known are {string.Join(", ", ExchangeChannels.All.Select(one => one.Name()))}");

    private static ExchangeLogin? Login(string? keyFile, string? secretFile)
    {
        try
        {
            var key = Secret(keyFile, KeyVariable);
            var secret = Secret(secretFile, SecretVariable);
            return key is null || secret is null ? null : new ExchangeLogin(key.Reveal(), secret.Reveal());
        }
        catch (FormatException exception)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }

    private static ConnectorSecret? Secret(string? file, string variable) =>
        file is not null ? ConnectorSecret.OfFile(file)
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } ? ConnectorSecret.OfVariable(variable)
        : null;
}

using ActorTrading.Connectors.Settings;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>Settings of an exchange connector.</summary>
public sealed record ExchangeSettings(ExchangeOptions Options) : ConnectorOptions(Options.Name, Options.Exchange, ConnectorDirection.In)
{
    /// <summary>The connector kinds: one for each exchange.</summary>
    public static IEnumerable<ConnectorKind> Kinds { get; } =
        [.. ExchangeRegistry.Names.Select(
            exchange => new ConnectorKind(exchange, ConnectorDirection.In, section => Read(exchange, section)))];

    /// <inheritdoc/>
    public override IConnector Create(ConnectorServices services) => new ExchangeConnector(Options, services);

    private static ExchangeSettings? Read(string exchange, ConnectorSection section)
    {
        var key = ConnectorSecret.Read(section, "key");
        var secret = ConnectorSecret.Read(section, "secret");
        var options = new ExchangeOptions
        {
            Name = section.Name,
            Exchange = exchange,
            Symbols = section.List("symbols", static text => text) ?? [],
            Channels = section.List("channels", Channel) ?? [ExchangeChannel.Trades],
            Interval = section.Text("interval") ?? "1m",
            Depth = (int)section.Number("depth", otherwise: 25, least: 1, most: 50),
            Url = section.Value("url", static text => Address(text, "ws", "wss")),
            RestUrl = section.Value("rest_url", static text => Address(text, "http", "https")),
            Source = section.Text("source"),
            Login = key is null || secret is null ? null : new ExchangeLogin(key.Reveal(), secret.Reveal()),
            Instruments = section.Choice("instruments", "advise", "plan", "off") switch
            {
                "plan" => InstrumentUse.Plan,
                "off" => InstrumentUse.Off,
                _ => InstrumentUse.Advise,
            },
            MaxFill = (int)section.Number("max_fill", otherwise: 10_000, least: 0, most: 1_000_000),
            GapTimeout = TimeSpan.FromSeconds(section.Number("gap_seconds", otherwise: 30, least: 1, most: 3_600)),
        };
        if (section.HasErrors) return null;
        if (options.Problem() is not { } problem) return new ExchangeSettings(options);
        section.AddError(problem.Key, problem.Text);
        return null;
    }

    private static ExchangeChannel Channel(string text) => ExchangeChannels.TryParse(text, out var channel)
        ? channel
        : throw new FormatException(
            $"'{text}' is not a channel; known are {string.Join(", ", ExchangeChannels.All.Select(one => one.Name()))}");

    private static Uri Address(string text, params string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && schemes.Contains(address.Scheme)
            ? address
            : throw new FormatException($"'{text}' is not an address of {schemes[0]} or {schemes[1]}");
}

using ActorTrading.Connectors.Exchanges;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>Steps of a connection.</summary>
internal enum StepKind
{
    /// <summary>Sends a message.</summary>
    Send,

    /// <summary>Waits for a message of the client, which must equal this one.</summary>
    Expect,

    /// <summary>Waits until the client has delivered a number of records.</summary>
    Settle,

    /// <summary>Repeats a message until the client disconnects.</summary>
    Repeat,

    /// <summary>Cuts the connection without notice.</summary>
    Cut,

    /// <summary>Closes the connection as the protocol requires.</summary>
    Close,
}

/// <summary>A step of a connection.</summary>
internal sealed record Step(StepKind Kind, string Text = "");

/// <summary>
/// A scripted session with an exchange. Its text has the lines <c>options</c>, <c>expect</c> and <c>send</c>, <c>settle</c>, <c>cut</c>,
/// <c>connection</c> (start of the next one), <c>row</c> (a trade or candle of the REST endpoints), <c>get</c> (another response of them),
/// <c>then</c> (an expected record), <c>count</c> (an expected count of the connector).
/// </summary>
internal sealed record RecordedSession
{
    public required ExchangeOptions Options { get; init; }

    /// <summary>The steps of each connection; later connections repeat the last one.</summary>
    public required IReadOnlyList<IReadOnlyList<Step>> Connections { get; init; }

    /// <summary>Rows of the REST endpoints, by symbol.</summary>
    public required ILookup<string, string> Rows { get; init; }

    /// <summary>Other responses, by path; the last one is repeated.</summary>
    public required ILookup<string, string> Answers { get; init; }

    /// <summary>The records as lines of a file.</summary>
    public required IReadOnlyList<string> Expected { get; init; }

    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>Whether the REST endpoints return missing rows.</summary>
    public bool HasRows { get; init; } = true;

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.session").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Exchanges", "Recorded");

    public static RecordedSession Read(string name)
    {
        var connections = new List<List<Step>> { new() };
        var rows = new List<(string Symbol, string Row)>();
        var answers = new List<(string Path, string Answer)>();
        var expected = new List<string>();
        var counts = new Dictionary<string, long>();
        ExchangeOptions? options = null;
        foreach (var line in File.ReadLines(Path.Combine(Folder, name + ".session")))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var (word, rest) = Split(line);
            switch (word)
            {
                case "options":
                    options = OptionsOf(rest);
                    break;
                case "connection":
                    connections.Add([]);
                    break;
                case "row":
                    rows.Add(Split(rest));
                    break;
                case "get":
                    answers.Add(Split(rest));
                    break;
                case "then":
                    expected.Add(rest);
                    break;
                case "count":
                    counts.Add(Split(rest).Word, long.Parse(Split(rest).Others));
                    break;
                default:
                    connections[^1].Add(new Step(Enum.Parse<StepKind>(word, ignoreCase: true), rest));
                    break;
            }
        }

        return new RecordedSession
        {
            Options = options!,
            Connections = connections,
            Rows = rows.ToLookup(one => one.Symbol, one => one.Row),
            Answers = answers.ToLookup(one => one.Path, one => one.Answer),
            Expected = expected,
            Counts = counts,
        };
    }

    /// <summary>
    /// The same session with another first connection. The function gets the steps, and the positions of those that send trades.
    /// </summary>
    public RecordedSession With(Func<List<Step>, IReadOnlyList<int>, IReadOnlyList<IReadOnlyList<Step>>> change)
    {
        var steps = Connections[0].ToList();
        var trades = Enumerable.Range(0, steps.Count).Where(i => steps[i].Kind == StepKind.Send && IsTrade(steps[i].Text)).ToList();
        return this with { Connections = change(steps, trades) };
    }

    private static bool IsTrade(string text) =>
        text.Contains("\"trade_id\"", StringComparison.Ordinal) || text.Contains("\"e\":\"trade\"", StringComparison.Ordinal);

    private static (string Word, string Others) Split(string line)
    {
        var blank = line.IndexOf(' ');
        return blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..]);
    }

    private static ExchangeOptions OptionsOf(string text)
    {
        var values = text.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var options = new ExchangeOptions
        {
            Name = "replayed",
            Exchange = values["exchange"],
            Symbols = values["symbols"].Split(','),
            Channels =
            [
                .. values["channels"].Split(',')
                    .Select(name => ExchangeChannels.TryParse(name, out var channel) ? channel : throw new FormatException(name)),
            ],
            FirstBackOff = TimeSpan.FromMilliseconds(20),
            MaxBackOff = TimeSpan.FromMilliseconds(200),
            Instruments = InstrumentUse.Off,
            ReorderTimeout = TimeSpan.FromMilliseconds(50),
            RequestEvery = TimeSpan.FromMilliseconds(5),
            Login = values["exchange"] == "alpaca" ? new ExchangeLogin("KEY-1", "SECRET-1") : null,
        };
        if (values.TryGetValue("interval", out var interval)) options = options with { Interval = interval };
        return values.TryGetValue("depth", out var depth) ? options with { Depth = int.Parse(depth) } : options;
    }
}

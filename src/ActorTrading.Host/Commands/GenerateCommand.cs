using System.Buffers;
using System.CommandLine;
using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Simulation;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>generate</c>: generates a market; the same options give the same bytes on every machine.</summary>
internal static class GenerateCommand
{
    private const string BinaryFormatName = "binary";
    private const int FlushAt = 1 << 20;

    private const string Description =
        "Generate a market and write it in any input format. The same options give the same bytes on every machine.";

    private const string ExampleLines =
        """
        actortrading generate --symbols 200 --ticks 1000000 --seed 7 --out market.ndjson.gz
        actortrading generate --kinds tick,quote,news --disorder --duplicates 0.05 --bad --burst
        actortrading generate --format binary --out market.bin
        actortrading generate --format csv-bars --ticks 10000 | actortrading backtest - --json
        """;

    private static readonly (string Name, RecordKind Kind)[] Kinds =
    [
        ("tick", RecordKind.Tick), ("quote", RecordKind.Quote), ("book", RecordKind.BookUpdate), ("bar", RecordKind.Bar),
        ("print", RecordKind.Print), ("news", RecordKind.NewsSentiment), ("market", RecordKind.MarketData),
        ("economic", RecordKind.EconomicIndicator),
    ];

    public static Command Create()
    {
        var symbols = new Option<int>("--symbols") { Description = "Number of symbols.", DefaultValueFactory = _ => 10 };
        var ticks = new Option<long>("--ticks")
        {
            Description = "Number of records, all kinds together.", DefaultValueFactory = _ => 100_000,
        };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the random market.", DefaultValueFactory = _ => 7 };
        var rate = new Option<double?>("--rate") { Description = "Records per second of market time. Default: one for each symbol." };
        var start = new Option<DateTime?>("--start")
        {
            Description = $"Start time, UTC. Default: {new MarketOptions().Start}.", HelpName = "DATE",
        };
        var drift = new Option<double>("--drift") { Description = "Mean relative change of a price from tick to tick." };
        var volatility = new Option<double>("--volatility")
        {
            Description = "Standard deviation of that change.", DefaultValueFactory = _ => new MarketOptions().Volatility,
        };
        var kinds = new Option<string?>("--kinds")
        {
            Description = $"Kinds of records: {string.Join(",", Kinds.Select(kind => kind.Name))} or all. "
                + "Default: ticks, or the kinds of the format.",
            HelpName = "KINDS",
        };
        var frame = new Option<string>("--frame") { Description = "The frame of bars.", DefaultValueFactory = _ => "1min" };
        var source = new Option<string>("--source") { Description = "The name of the sender.", DefaultValueFactory = _ => "generated" };
        var format = new Option<string>("--format")
        {
            Description = $"{string.Join(", ", Dialects.All.Select(dialect => dialect.Name()))} or {BinaryFormatName}.",
            DefaultValueFactory = _ => Dialect.Canonical.Name(),
            HelpName = "FORMAT",
        };
        var full = new Option<bool>("--full") { Description = "Add columns for source, epoch and seq to tables." };
        var output = new Option<string>("--out")
        {
            Description = "Output file; - is standard output, .gz compresses.", DefaultValueFactory = _ => "-", HelpName = "FILE",
        };
        var troubles = new Dictionary<string, Option<double?>>();
        foreach (var (name, what) in ((string, string)[])
        [
            ("disorder", "with a timestamp before the previous one"), ("duplicates", "that copy earlier ones"),
            ("gaps", "after a pause or missing seqs"), ("bad", "that break a rule"), ("spikes", "with a price ten times too high or low"),
            ("burst", "in bursts of one symbol"),
        ])
        {
            troubles[name] = Trouble(name, $"Fraction of records {what}. Without a value: that of a hostile market.");
        }

        var command = new Command("generate", Description)
        {
            symbols, ticks, seed, rate, start, drift, volatility, kinds, frame, source, format, full, output,
        };
        foreach (var trouble in troubles.Values) command.Options.Add(trouble);
        command.SetAction((parsed, cancellation) =>
        {
            var dialect = DialectOf(parsed.GetRequiredValue(format));
            var options = new MarketOptions
            {
                Symbols = parsed.GetValue(symbols),
                Ticks = parsed.GetValue(ticks),
                Seed = parsed.GetValue(seed),
                Step = StepOf(parsed.GetValue(rate) ?? Math.Max(1, parsed.GetValue(symbols))),
                Start = parsed.GetValue(start) is { } first
                    ? Timestamp.FromDateTime(DateTime.SpecifyKind(first, DateTimeKind.Utc))
                    : new MarketOptions().Start,
                Drift = parsed.GetValue(drift),
                Volatility = parsed.GetValue(volatility),
                Kinds = KindsOf(parsed.GetValue(kinds), dialect),
                BarFrame = FrameOf(parsed.GetRequiredValue(frame)),
                Source = parsed.GetRequiredValue(source),
                Disorder = Fraction("disorder", MarketOptions.Hostile.Disorder),
                Duplicates = Fraction("duplicates", MarketOptions.Hostile.Duplicates),
                Gaps = Fraction("gaps", MarketOptions.Hostile.Gaps),
                Bad = Fraction("bad", MarketOptions.Hostile.Bad),
                Spikes = Fraction("spikes", 0.001),
                Burst = Fraction("burst", MarketOptions.Hostile.Burst),
            };
            Write(options, dialect, parsed.GetValue(full), parsed.GetRequiredValue(output), cancellation);
            return Task.FromResult(ExitCode.Ok);

            // Option not given: none; given without a fraction: the fraction of a hostile market.
            double Fraction(string name, double hostile) =>
                parsed.GetResult(troubles[name]) is null ? 0 : parsed.GetValue(troubles[name]) ?? hostile;
        });
        return command.WithExamples(ExampleLines);
    }

    private static void Write(MarketOptions options, Dialect? dialect, bool full, string path, CancellationToken cancellation)
    {
        var generator = Generator(options);
        using var stream = OutputFile.Create(path);
        var buffer = new ArrayBufferWriter<byte>(FlushAt * 2);
        var binary = dialect is null ? new BinaryEncoder(buffer) : null;
        if (dialect is { } table && table.IsTable()) RecordWriter.WriteHeader(table, buffer, full);

        long written = 0, leftOut = 0;
        while (generator.TryNext(out var record))
        {
            if (binary is not null)
            {
                binary.Write(record);
            }
            else if (dialect!.Value.Carries(record.Kind))
            {
                RecordWriter.Write(record, dialect.Value, buffer, full);
            }
            else
            {
                leftOut++; // a bad record of an unknown kind, which only the canonical form can contain
                continue;
            }

            written++;
            if (buffer.WrittenCount < FlushAt) continue;
            cancellation.ThrowIfCancellationRequested();
            Flush();
        }

        binary?.Flush();
        Flush();
        stream.Dispose(); // the data is written on dispose
        if (path != "-") Console.Error.WriteLine($"{written:N0} records of {options.Symbols:N0} symbols written to {path}");
        if (leftOut > 0)
            Console.Error.WriteLine($"{leftOut:N0} bad records were left out: {dialect!.Value.Name()} cannot represent them");

        void Flush()
        {
            stream.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
    }

    private static MarketGenerator Generator(MarketOptions options)
    {
        try
        {
            return new MarketGenerator(options);
        }
        catch (ArgumentException exception) when (exception.ParamName is { } name)
        {
            var option = name switch
            {
                nameof(MarketOptions.Step) => "rate",
                nameof(MarketOptions.BarFrame) => "frame",
                _ => name.ToLowerInvariant(),
            };
            throw new CommandException(ExitCode.Usage, $"--{option} is out of range.");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new CommandException(ExitCode.Usage, exception.Message);
        }
    }

    private static Option<double?> Trouble(string name, string description) => new($"--{name}")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "FRACTION",
        CustomParser = static result =>
        {
            if (result.Tokens.Count == 0) return null;
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction)
                && fraction is >= 0 and <= 1) return fraction;
            result.AddError($"'{text}' is not a fraction from 0 to 1.");
            return null;
        },
    };

    private static Dialect? DialectOf(string name)
    {
        if (name == BinaryFormatName) return null;
        if (name == "ndjson") return Dialect.Canonical;
        return Dialects.TryParse(name, out var dialect)
            ? dialect
            : throw new CommandException(
                ExitCode.Usage,
                $"'{name}' is no format; formats are {string.Join(", ", Dialects.All.Select(known => known.Name()))}, {BinaryFormatName}.");
    }

    private static long StepOf(double rate) => rate is >= 1e-6 and <= 1e9
        ? (long)Math.Round(Timestamp.Second / rate)
        : throw new CommandException(ExitCode.Usage, "--rate must be from 0.000001 to 1000000000 records per second.");

    private static Frame FrameOf(string name) => Frames.TryParse(name, out var frame) && frame != Frame.Tick
        ? frame
        : throw new CommandException(ExitCode.Usage, $"'{name}' is not a frame of bars.");

    private static KindMix KindsOf(string? names, Dialect? dialect)
    {
        var chosen = names switch
        {
            null when dialect is null or Dialect.Canonical => [RecordKind.Tick],
            null => Kinds.Select(kind => kind.Kind).Where(kind => dialect.Value.Carries(kind)).ToList(),
            "all" => Kinds.Select(kind => kind.Kind).Where(kind => dialect?.Carries(kind) ?? true).ToList(),
            _ => names.Split(',', StringSplitOptions.TrimEntries).Select(KindOf).ToList(),
        };
        if (chosen.FirstOrDefault(kind => !(dialect?.Carries(kind) ?? true)) is var lost and not 0)
            throw new CommandException(
                ExitCode.Usage, $"{dialect!.Value.Name()} cannot represent {Kinds.Single(kind => kind.Kind == lost).Name} records.");

        var all = KindMix.Everything;
        return new KindMix
        {
            Tick = Weight(RecordKind.Tick, all.Tick),
            Quote = Weight(RecordKind.Quote, all.Quote),
            BookUpdate = Weight(RecordKind.BookUpdate, all.BookUpdate),
            Bar = Weight(RecordKind.Bar, all.Bar),
            Print = Weight(RecordKind.Print, all.Print),
            NewsSentiment = Weight(RecordKind.NewsSentiment, all.NewsSentiment),
            MarketData = Weight(RecordKind.MarketData, all.MarketData),
            EconomicIndicator = Weight(RecordKind.EconomicIndicator, all.EconomicIndicator),
        };

        int Weight(RecordKind kind, int weight) => chosen.Contains(kind) ? weight : 0;
    }

    private static RecordKind KindOf(string name)
    {
        var found = Array.Find(Kinds, kind => kind.Name == name);
        return found.Name is not null
            ? found.Kind
            : throw new CommandException(
                ExitCode.Usage, $"'{name}' is not a kind; kinds are {string.Join(", ", Kinds.Select(kind => kind.Name))}, all.");
    }
}

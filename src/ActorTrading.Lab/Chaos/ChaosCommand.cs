using System.CommandLine;
using ActorTrading.Engine.Journal;
using ActorTrading.Host;
using ActorTrading.Host.Commands;

namespace ActorTrading.Lab.Chaos;

/// <summary>The command <c>chaos</c>: tests a cluster under faults.</summary>
internal static class ChaosCommand
{
    private const string Description =
        "Put a cluster of its own through kills, drains, freezes, cuts, joins, rolling restarts and a journal that cannot be written, "
        + "while feeds send it a hostile market; check after each that nothing acknowledged is lost and nothing counts twice.";

    private const string ExampleLines =
        """
        actortrading-lab chaos
        actortrading-lab chaos --rounds 200 --seed 42 --json
        actortrading-lab chaos --faults kill,cut --postgres "Host=127.0.0.1;Database=empty;Username=trader"
        actortrading-lab chaos --faults journal --own-postgres --outage 60
        actortrading-lab chaos --file trades.csv.gz --file more.ndjson --rate 2000
        """;

    public static Command Create()
    {
        var data = new Option<string?>("--data")
        {
            Description = "The folder of the cluster, which must be empty; a temporary one when left out.", HelpName = "DIR",
        };
        var nodes = Number("--nodes", "Nodes, 2 to 9.", 3, 2, 9);
        var rounds = Number("--rounds", "Faults, one after the other; each kind in turn.", 14, 1, 1_000_000);
        var faults = new Option<string>("--faults")
        {
            Description = $"What happens: {string.Join(",", Enum.GetNames<FaultKind>().Select(static name => name.ToLowerInvariant()))}; "
                + "all when left out.", HelpName = "KIND[,KIND...]",
        };
        var feeds = Number("--feeds", "Clients that send at once, no fewer than nodes; one for each node when left out.", null, 1, 64);
        var symbols = Number("--symbols", "Symbols of each feed of the made-up market.", 20, 1, 1_000);
        var files = new Option<string[]>("--file")
        {
            Description = "Send the records of a file, and not a made-up market: each once, so that it ends in the state of a backtest of "
                + "it. May be given again; the rounds end with the last.", HelpName = "FILE",
        };
        var input = new InputOptions();
        var rate = Number("--rate", "Records a second, all feeds together.", 6_000, 1, 1_000_000);
        var records = Number("--ticks", "A fault comes after 0 to so many acknowledged records.", 30_000, 0, 10_000_000);
        var seed = new Option<ulong?>("--seed")
        {
            Description = "Another seed, another market and other moments; a random one, printed, when left out.",
        };
        var postgres = new Option<string?>("--postgres")
        {
            Description = "A PostgreSQL database for the journal, in which there is none yet, instead of a file in the folder (password: "
                + "PGPASSWORD).", HelpName = "CONNECTION",
        };
        var own = new Option<bool>("--own-postgres")
        {
            Description = "A PostgreSQL server of its own, in the folder, for the journal; the fault journal stops it and starts it again. "
                + "PostgreSQL must be installed.",
        };
        var outage = Number("--outage", "Seconds that the journal is away at a time, 1 to 120; 5 to 15 when left out.", null, 1, 120);
        var keep = new Option<bool>("--keep") { Description = "Keep the folder. One of a failure is always kept." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("chaos", Description)
        {
            nodes, rounds, faults, feeds, symbols, files, rate, records, seed, postgres, own, outage, data, keep, json,
        };
        input.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (OperatingSystem.IsWindows())
                throw new CommandException(ExitCode.Usage, "chaos needs the signals of Unix, which this system does not have.");
            var (count, kinds) = (parsed.GetValue(nodes)!.Value, Kinds(parsed.GetValue(faults)));
            var address = parsed.GetValue(postgres);
            if (address is not null && parsed.GetValue(own))
                throw new CommandException(ExitCode.Usage, "--own-postgres: there is --postgres already.");
            if (address is not null) CheckIsEmpty(address);
            var paths = parsed.GetValue(files) ?? [];
            if (paths.FirstOrDefault(path => !File.Exists(path)) is { } missing)
                throw new CommandException(ExitCode.BadInput, $"{missing}: no such file.");
            var folder = EmptyFolder.Make(parsed.GetValue(data), "actortrading-chaos-");
            var beside = folder + "-postgres"; // the folder becomes private, and root's server runs as another user
            var server = parsed.GetValue(own) ? await OwnPostgres.StartAsync(beside, cancellation) : null;
            var options = new ChaosOptions(
                count, parsed.GetValue(rounds)!.Value, kinds, Math.Max(count, parsed.GetValue(feeds) ?? count),
                parsed.GetValue(symbols)!.Value, paths.Length == 0 ? null : new FileRecords(paths, input.Read(parsed, null)),
                parsed.GetValue(rate)!.Value, parsed.GetValue(records)!.Value,
                parsed.GetValue(seed) ?? (ulong)Random.Shared.NextInt64(1_000_000), server?.Address ?? address,
                parsed.GetValue(outage) is { } seconds ? TimeSpan.FromSeconds(seconds) : null, folder);
            ChaosReport report;
            await using (server)
            using (var test = new ChaosTest(options, server, Console.Error.WriteLine)) report = await test.RunAsync(cancellation);
            var code = report.Conclude(parsed.GetValue(json), parsed.GetValue(keep));
            if (server is not null && !Directory.Exists(folder)) Directory.Delete(beside, recursive: true);
            return code;
        });
        return command.WithExamples(ExampleLines);
    }

    private static Option<int?> Number(string name, string description, int? otherwise, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } value && (value < least || value > most))
                result.AddError($"{name}: {least} to {most}.");
        });
        return option;
    }

    private static FaultKind[] Kinds(string? text)
    {
        if (text is null) return Enum.GetValues<FaultKind>();
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0) throw new CommandException(ExitCode.Usage, "--faults: is empty.");
        return [.. names.Select(static name => Enum.GetValues<FaultKind>()
            .Where(kind => name.Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase)).Cast<FaultKind?>().FirstOrDefault()
            ?? throw NoFault(name))];
    }

    private static CommandException NoFault(string name) => new(
        ExitCode.Usage,
        $"--faults: '{name}' is none of {string.Join(", ", Enum.GetNames<FaultKind>().Select(static known => known.ToLowerInvariant()))}.");

    private static void CheckIsEmpty(string address)
    {
        try
        {
            using var store = JournalStore.Open(address);
            if (store.Heads().Count > 0)
            {
                throw new CommandException(
                    ExitCode.BadOutput, $"{store.Location}: there is a journal in it; chaos wants an empty database.");
            }
        }
        catch (JournalException exception)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }
}

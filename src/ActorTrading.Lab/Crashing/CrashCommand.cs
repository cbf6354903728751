using System.CommandLine;
using ActorTrading.Engine;
using ActorTrading.Host;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Lab.Crashing;

/// <summary>The command <c>crash</c>: tests a node that is killed repeatedly.</summary>
internal static class CrashCommand
{
    private const string Description =
        "Kill a node again and again (SIGKILL) while feeds send it a hostile market, and check that nothing acknowledged is lost and "
        + "nothing counts twice.";

    private const string ExampleLines =
        """
        actortrading-lab crash
        actortrading-lab crash --rounds 300 --seed 42 --json
        actortrading-lab crash --rounds 50 --data crashed --keep
        """;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How many times.", DefaultValueFactory = _ => 10 };
        var symbols = new Option<int>("--symbols") { Description = "Symbols of each feed.", DefaultValueFactory = _ => 20 };
        var feeds = new Option<int>("--feeds")
        {
            Description = "Clients that send at once, NDJSON and binary in turn.", DefaultValueFactory = _ => 3,
        };
        var records = new Option<int>("--ticks")
        {
            Description = "A kill comes after 0 to so many acknowledged records.", DefaultValueFactory = _ => 100_000,
        };
        var seed = new Option<ulong?>("--seed")
        {
            Description = "Another seed, another market and other moments; a random one, printed, when left out.",
        };
        var data = new Option<string?>("--data")
        {
            Description = "The folder of the node, which must be empty; a temporary one when left out.", HelpName = "DIR",
        };
        var keep = new Option<bool>("--keep") { Description = "Keep the folder. One of a failure is always kept." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        Bound(rounds, 1, 1_000_000);
        Bound(symbols, 1, 1_000);
        Bound(feeds, 1, 64);
        Bound(records, 0, 10_000_000);
        var command = new Command("crash", Description) { rounds, symbols, feeds, records, seed, data, keep, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (OperatingSystem.IsWindows())
                throw new CommandException(ExitCode.Usage, "crash needs SIGKILL and SIGTERM, which this system does not have.");
            var folder = EmptyFolder.Make(parsed.GetValue(data), "actortrading-crash-");
            var options = new CrashOptions(
                parsed.GetValue(rounds), parsed.GetValue(symbols), parsed.GetValue(feeds), parsed.GetValue(records),
                parsed.GetValue(seed) ?? (ulong)Random.Shared.NextInt64(1_000_000), folder);
            CrashReport report;
            using (var port = ReservedPort.Any())
            using (var progress = new ProgressLine())
            {
                report = await new CrashTest(options, port.Number, progress.Report).RunAsync(cancellation);
            }
            return report.Conclude(parsed.GetValue(json), parsed.GetValue(keep));
        });
        return command.WithExamples(ExampleLines);
    }

    private static void Bound(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
            result.AddError($"{option.Name}: {least} to {most}.");
    });
}

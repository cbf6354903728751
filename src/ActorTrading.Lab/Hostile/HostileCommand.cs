using System.CommandLine;
using ActorTrading.Host;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Lab.Hostile;

/// <summary>The command <c>hostile</c>: tests the effect of hostile clients on well-behaved ones.</summary>
internal static class HostileCommand
{
    private const string Description =
        "Start a node with rules of access, let a good feed and a good reader use it alone, then beside a hostile client of every kind at "
        + "once, and check that the good ones lose nothing and that memory and disk stay bounded. Everything is on loopback.";

    public static Command Create()
    {
        var minutes = Option("--minutes", 10.0, "Minutes with hostile clients, after a fifth of that, a minute at most, without.");
        var engine = Option("--engine", EngineKind.Cluster, "What hosts the symbols.");
        var kinds = Option<string?>("--kinds", null, "Only these kinds, separated by commas; all when left out.", "KIND[,KIND...]");
        var list = Option("--list", false, "List the kinds and do nothing.");
        var rate = Option("--rate", 1_000, "Records a second of the good feed.");
        var symbols = Option("--symbols", 20, "Symbols of the good feed.");
        var history = Option("--history", 200_000, "Records of the symbol whose history hostile clients ask for.");
        var maxRatio = Option<double?>("--max-ratio", null, "Fail where a 99th percentile is more than so many times what it was alone.");
        var maxMemory = Option("--max-memory", 768L, "MiB that the node's memory may grow by beside hostile clients.");
        var maxDisk = Option("--max-disk", 1_536L, "MiB that its folder may grow by, besides what the good feed makes of it.");
        var seed = Option<ulong?>("--seed", null, "Another seed, another market; a random one, printed, when left out.");
        var data = Option<string?>("--data", null, "The folder of the trial, which must be empty; a temporary one when left out.", "DIR");
        var keep = Option("--keep", false, "Keep the folder. One of a failure is always kept.");
        var json = Option("--json", false, "Print the result as JSON.");
        var command = new Command("hostile", Description)
        {
            minutes, engine, kinds, list, rate, symbols, history, maxRatio, maxMemory, maxDisk, seed, data, keep, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(list))
            {
                foreach (var kind in HostileKinds.All) Console.Out.WriteLine($"{kind.Name,-18} {kind.What}");
                return ExitCode.Ok;
            }

            var beside = TimeSpan.FromMinutes(Math.Clamp(parsed.GetValue(minutes), 0.05, 24 * 60));
            var folder = EmptyFolder.Make(parsed.GetValue(data), "actortrading-hostile-");
            var number = parsed.GetValue(seed) ?? (ulong)Random.Shared.NextInt64(1_000_000);
            var options = new HostileOptions(parsed.GetValue(engine), folder, number)
            {
                Beside = beside,
                Alone = beside / 5 < TimeSpan.FromMinutes(1) ? beside / 5 : TimeSpan.FromMinutes(1),
                Kinds = KindsOf(parsed.GetValue(kinds)),
                Rate = parsed.GetValue(rate),
                Symbols = parsed.GetValue(symbols),
                History = parsed.GetValue(history),
                MaxRatio = parsed.GetValue(maxRatio),
                MaxMemory = parsed.GetValue(maxMemory) << 20,
                MaxDisk = parsed.GetValue(maxDisk) << 20,
            };
            HostileReport report;
            using (var progress = new ProgressLine()) report = await new HostileTest(options, progress.Report).RunAsync(cancellation);
            return report.Conclude(parsed.GetValue(json), parsed.GetValue(keep));
        });
        return command;
    }

    private static Option<T> Option<T>(string name, T otherwise, string description, string? shape = null) =>
        new(name) { Description = description, DefaultValueFactory = _ => otherwise, HelpName = shape };

    /// <summary>The kinds with the names in a comma-separated list; all kinds without names.</summary>
    internal static IReadOnlyList<HostileKind> KindsOf(string? names) =>
        names is null ? HostileKinds.All : [.. names.Split(',').Select(KindOf)];

    private static HostileKind KindOf(string name) => HostileKinds.Named(name)
        ?? throw new CommandException(ExitCode.Usage, $"--kinds: there is no '{name}'; --list lists them.");
}

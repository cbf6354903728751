using System.CommandLine;
using ActorTrading.Host;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Lab.Hostile;

/// <summary><c>hostile</c>: what good clients notice of hostile ones.</summary>
internal static class HostileCommand
{
    private const string Description =
        "Start a node with rules of access, let a good feed and a good reader use it alone, then beside a hostile client of every kind at once, and check that the good ones lose "
        + "nothing and that memory and disk stay bounded. Everything is on loopback.";

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long hostile clients are there. The good ones are alone for a fifth of that before, a minute at most.", DefaultValueFactory = _ => 10 };
        var engine = new Option<EngineKind>("--engine") { Description = "What hosts the symbols.", DefaultValueFactory = _ => EngineKind.Cluster };
        var kinds = new Option<string?>("--kinds") { Description = "Only these kinds, by name, separated by commas; all when left out.", HelpName = "KIND[,KIND...]" };
        var list = new Option<bool>("--list") { Description = "List the kinds and do nothing." };
        var rate = new Option<int>("--rate") { Description = "Records a second of the good feed.", DefaultValueFactory = _ => 1_000 };
        var symbols = new Option<int>("--symbols") { Description = "Symbols of the good feed.", DefaultValueFactory = _ => 20 };
        var history = new Option<int>("--history") { Description = "Records of the symbol whose history hostile clients ask for.", DefaultValueFactory = _ => 200_000 };
        var maxRatio = new Option<double?>("--max-ratio") { Description = "Fail where the 99th percentile of acks or signals is more than so many times what it was alone; only printed when left out." };
        var maxMemory = new Option<long>("--max-memory") { Description = "MiB that the node's memory may grow by beside hostile clients.", DefaultValueFactory = _ => 768 };
        var maxDisk = new Option<long>("--max-disk") { Description = "MiB that its folder may grow by, besides what the good feed makes of it.", DefaultValueFactory = _ => 1_536 };
        var seed = new Option<ulong?>("--seed") { Description = "Another seed, another market; a random one, printed, when left out." };
        var data = new Option<string?>("--data") { Description = "The folder of the trial, which must be empty; a temporary one when left out.", HelpName = "DIR" };
        var keep = new Option<bool>("--keep") { Description = "Keep the folder. One of a failure is always kept." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("hostile", Description) { minutes, engine, kinds, list, rate, symbols, history, maxRatio, maxMemory, maxDisk, seed, data, keep, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(list))
            {
                foreach (var kind in HostileKinds.All) Console.Out.WriteLine($"{kind.Name,-18} {kind.What}");
                return ExitCode.Ok;
            }

            var beside = TimeSpan.FromMinutes(Math.Clamp(parsed.GetValue(minutes), 0.05, 24 * 60));
            var options = new HostileOptions(
                parsed.GetValue(engine), EmptyFolder.Make(parsed.GetValue(data), "actortrading-hostile-"), parsed.GetValue(seed) ?? (ulong)Random.Shared.NextInt64(1_000_000))
            {
                Beside = beside, Alone = beside / 5 < TimeSpan.FromMinutes(1) ? beside / 5 : TimeSpan.FromMinutes(1), Kinds = KindsOf(parsed.GetValue(kinds)), Rate = parsed.GetValue(rate),
                Symbols = parsed.GetValue(symbols), History = parsed.GetValue(history), MaxRatio = parsed.GetValue(maxRatio), MaxMemory = parsed.GetValue(maxMemory) << 20,
                MaxDisk = parsed.GetValue(maxDisk) << 20,
            };
            HostileReport report;
            using (var progress = new ProgressLine()) report = await new HostileTest(options, progress.Report).RunAsync(cancellation);
            return report.Conclude(parsed.GetValue(json), parsed.GetValue(keep));
        });
        return command;
    }

    private static IReadOnlyList<HostileKind> KindsOf(string? names) => names is null
        ? HostileKinds.All
        : [.. names.Split(',').Select(name => HostileKinds.All.FirstOrDefault(kind => kind.Name == name)
            ?? throw new CommandException(ExitCode.Usage, $"--kinds: '{name}' is none of {string.Join(", ", HostileKinds.All.Select(kind => kind.Name))}."))];
}

using System.Globalization;

namespace ActorTrading.Benchmarks.Engines;

/// <c>engines</c>: the same load on the engines of this process, one after another, round by round, so that their results can be compared.
/// Arguments are pairs of a name and a value.
internal static class EnginesCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (engines, load, rounds, options) =
            (new List<string> { "embedded", "cluster", "region" }, new EngineLoad(), 3, new TargetOptions());
        if (arguments.Length % 2 != 0) return Refuse("an argument has no value");
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--engines": engines = [.. value.Split(',')]; break;
                case "--rounds": rounds = Number(value); break;
                case "--symbols": load = load with { Symbols = Number(value) }; break;
                case "--ticks": load = load with { Ticks = Number(value) }; break;
                case "--batch": load = load with { Batch = Number(value) }; break;
                case "--window": load = load with { Window = Number(value) }; break;
                case "--rate": load = load with { Rate = Number(value) }; break;
                case "--nodes": options = options with { Nodes = Number(value) }; break;
                case "--postgres": options = options with { Postgres = value }; break;
                case "--data": options = options with { Folder = value }; break;
                case "--hocon": options = options with { Hocon = value }; break;
                default: return Refuse($"{arguments[i]} is not known");
            }
        }

        if (engines.Except(EngineTarget.Names).FirstOrDefault() is { } unknown)
            return Refuse($"there is no engine '{unknown}' in this build");
        Console.WriteLine(EngineFigures.Header);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var engine in engines)
            {
                // One event per tick is slow: a tenth of the ticks, and of the pending ones, is enough.
                var its = engine == "region" ? load with { Ticks = load.Ticks / 10, Window = load.Window / 10 } : load;
                await using var target = await EngineTarget.OpenAsync(engine, options);
                Console.WriteLine(await new EngineRun(its).RunAsync(engine, target));
            }
        }

        return 0;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(
            $"{why}. engines [--engines {string.Join(',', EngineTarget.Names)}] [--rounds 3] [--symbols 200] [--ticks 3000000] [--batch "
            + "500] [--window 250000] [--rate PER_SECOND] [--nodes 1] [--postgres CONNECTION_OF_AN_EMPTY_SERVER] [--data DIR] "
            + "[--hocon SETTINGS]");
        return 2;
    }
}

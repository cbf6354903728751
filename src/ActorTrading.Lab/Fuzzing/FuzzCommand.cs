using System.CommandLine;
using System.Text.Json;
using ActorTrading.Host;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>The command <c>fuzz</c>: tests parsers with invalid bytes.</summary>
internal static class FuzzCommand
{
    private const string Description =
        "Give each parser that reads bytes of others a great many distorted inputs, and check that it answers by its types, in time, in "
        + "bounded memory, and that what it takes comes back as it was.";

    public static Command Create()
    {
        var inputs = new Option<long>("--inputs")
        {
            Description = "Inputs for each group of targets, shared by its parts.", DefaultValueFactory = _ => 1_000_000,
        };
        var seed = new Option<int?>("--seed") { Description = "Another seed, other inputs; a random one, printed, when left out." };
        var targets = new Option<string[]>("--target")
        {
            Description = $"A group or one of its parts; may be given again; all when left out: {string.Join(", ", FuzzTargets.Groups)}.",
            HelpName = string.Join('|', FuzzTargets.Groups),
        };
        var corpus = new Option<string?>("--corpus")
        {
            Description = "A folder of inputs to begin with, a folder in it for each target.", HelpName = "DIR",
        };
        var found = new Option<string?>("--found")
        {
            Description = "The folder for inputs that break a promise; a temporary one when left out.", HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("fuzz", Description) { inputs, seed, targets, corpus, found, json };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new FuzzOptions(
                Math.Max(1, parsed.GetValue(inputs)), parsed.GetValue(seed) ?? Random.Shared.Next(), parsed.GetValue(corpus),
                parsed.GetValue(found) ?? Path.Combine(Path.GetTempPath(), "actortrading-fuzz"));
            return Task.Run(() => Run(NamesOf(parsed.GetValue(targets)), options, parsed.GetValue(json), cancellation),
                CancellationToken.None);
        });
        return command;
    }

    private static List<string> NamesOf(string[]? asked)
    {
        if (asked is not { Length: > 0 }) return [.. FuzzTargets.Names];
        foreach (var name in asked.Where(name => FuzzTargets.Of(name).Count == 0))
            throw new CommandException(
                ExitCode.Usage, $"--target: '{name}' is none of {string.Join(", ", FuzzTargets.Groups.Union(FuzzTargets.Names))}.");
        return [.. asked.SelectMany(FuzzTargets.Of).Distinct()];
    }

    private static int Run(List<string> names, FuzzOptions options, bool asJson, CancellationToken cancellation)
    {
        if (!asJson) Console.Out.WriteLine($"seed {options.Seed}; inputs that break a promise go to {options.Found}");
        var results = new List<FuzzResult>();
        foreach (var group in names.GroupBy(name => name.Split('-')[0]))
        {
            foreach (var name in group)
            {
                using var target = FuzzTargets.Make(name);
                var result = new FuzzRun(target, options with { Inputs = Math.Max(1, options.Inputs / group.Count()) }).Run(cancellation);
                results.Add(result);
                if (!asJson) result.Print(Console.Out);
            }
        }

        if (asJson) Print(results, options.Seed);
        return results.TrueForAll(result => result.Found.Count == 0) ? ExitCode.Ok : LabCommandLine.Broken;
    }

    private static void Print(List<FuzzResult> results, int seed)
    {
        using (var json = new Utf8JsonWriter(Console.OpenStandardOutput(), new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("seed", seed);
            json.WriteStartArray("targets");
            foreach (var result in results) result.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        Console.Out.WriteLine();
    }
}

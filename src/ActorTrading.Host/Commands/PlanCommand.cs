using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrading.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>The commands <c>plan check</c>, <c>plan show</c>, <c>plan set</c> and <c>plan calendar</c>.</summary>
internal static class PlanCommand
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create() =>
        new("plan", "Validate a plan, print a plan with all defaults, or change the plan of a running node.")
        {
            Check(), Show(), Set(), Calendar(),
        };

    private static Command Check()
    {
        var file = new Argument<string>("FILE") { Description = "A plan as JSON." };
        var most = new Option<long>("--max-symbol-bytes")
        {
            Description = "Maximum memory of a symbol in bytes, as engine:max_symbol_bytes of the node.",
            DefaultValueFactory = _ => PlanMemory.DefaultLimit, HelpName = "N",
        };
        var command = new Command("check", "Validate a plan: print its size and hash, or all errors and how to correct them.")
        {
            file, most,
        };
        command.SetAction(parsed =>
        {
            var plan = PlanFile.Load(parsed.GetRequiredValue(file), parsed.GetValue(most));
            var settings = plan.Settings;
            Console.Out.Say($"good  {settings.Frames.Count} frames, {settings.Columns.Count} indicator values, "
                + $"{settings.Rules.Count} rules, {plan.Overrides.Count} symbols with their own settings");
            Console.Out.WriteLine($"hash  {plan.Hash}");
            Console.Out.WriteLine(
                FormattableString.Invariant($"size  {PlanMemory.BytesPerSymbol(plan):N0} bytes of memory per symbol at least"));
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading plan check plan.json");
    }

    private static Command Show()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Plan as JSON. Default: the default plan.", Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("show", "Print a plan as canonical JSON.") { file };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(PlanFile.Load(parsed.GetValue(file)).ToJson());
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading plan show > plan.json");
    }

    private static Command Calendar()
    {
        var name = new Argument<string>("NAME") { Description = "The name of a calendar." };
        name.AcceptOnlyFromAmong([.. VenueCalendars.Names]);
        var command = new Command("calendar", "Print a named calendar as JSON, in the form of a calendar in a plan.") { name };
        command.SetAction(parsed =>
        {
            using var calendar = JsonDocument.Parse(VenueCalendars.JsonOf(parsed.GetRequiredValue(name)));
            Console.Out.WriteLine(JsonSerializer.Serialize(calendar.RootElement, Indented));
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading plan calendar lse > calendar.json");
    }

    private static Command Set()
    {
        var node = new NodeChoice();
        var file = new Argument<string>("FILE") { Description = "A plan as JSON." };
        var command = new Command("set", "Change the plan of a running node, or of its whole cluster. "
            + "Every symbol is folded again from its first record. Returns when this is done.") { file };
        node.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var plan = PlanFile.Load(parsed.GetRequiredValue(file));
            using var api = node.Open(parsed);
            using var content = new ByteArrayContent(plan.ToUtf8());
            // Recomputing a long history takes long.
            using var answer = await api.SendAsync(HttpMethod.Put, "plan", cancellation, content, Timeout.InfiniteTimeSpan);
            Console.Out.Say($"in force  {answer.RootElement.GetProperty("hash").GetString()}");
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading plan set plan.json\nactortrading plan set plan.json --node http://10.0.0.5:5000");
    }
}

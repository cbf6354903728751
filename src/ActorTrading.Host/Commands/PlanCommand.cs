using System.CommandLine;

namespace ActorTrading.Host.Commands;

/// <summary><c>plan check</c> and <c>plan show</c>.</summary>
internal static class PlanCommand
{
    public static Command Create() => new("plan", "Check a plan, or show one with every default spelled out.") { Check(), Show() };

    private static Command Check()
    {
        var file = new Argument<string>("FILE") { Description = "A plan as JSON." };
        var command = new Command("check", "Say whether a plan is good, or everything that is wrong with it and what would be right.") { file };
        command.SetAction(parsed =>
        {
            var plan = PlanFile.Load(parsed.GetRequiredValue(file));
            var settings = plan.Settings;
            Console.Out.WriteLine($"good  {settings.Frames.Count} frames, {settings.Columns.Count} indicator values, {settings.Rules.Count} rules, {plan.Overrides.Count} symbols of their own");
            Console.Out.WriteLine($"hash  {plan.Hash}");
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading plan check plan.json");
    }

    private static Command Show()
    {
        var file = new Argument<string?>("FILE") { Description = "A plan as JSON; the default plan when left out.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("show", "Print a plan as canonical JSON.") { file };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(PlanFile.Load(parsed.GetValue(file)).ToJson());
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading plan show > plan.json");
    }
}

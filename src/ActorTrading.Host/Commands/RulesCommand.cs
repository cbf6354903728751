using System.CommandLine;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Signals;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>rules explain</c>.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "Explain rules.") { Explain() };

    private static Command Explain()
    {
        var text = new Argument<string>("RULE") { Description = "The rule, in quotes." };
        var command = new Command(
            "explain",
            "Explain a rule in words: what it reads, when it is evaluated, when it fires and when not.") { text };
        command.SetAction(parsed =>
        {
            var written = parsed.GetRequiredValue(text);
            if (!RuleParser.TryParse(written, out var rule, out var error)) throw Fault(error, written);
            foreach (var line in RuleExplainer.Explain(rule, rule.IsResolved ? null : Frame.OneMinute)) Console.Out.Say(line);
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading rules explain \"buy when rsi(14) crosses below 30 on 5min\"");

        // Prints the rule on one line, with a mark below the column of the error.
        static CommandException Fault(RuleError error, string written) => new(
            ExitCode.BadPlan, error.Render(written.Replace('\n', ' ').Replace('\r', ' ')).Split('\n'));
    }
}

using System.CommandLine;
using ActorTrading.Engine;
using ActorTrading.Host.Backtesting;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>backtest</c>: processes historical data with the same fold as live ticks.</summary>
internal static class BacktestCommand
{
    private const string Description =
        "Backtest a plan on files of ticks, bars or quotes: NDJSON, JSON, CSV or binary, plain, .gz or .zip, or Parquet.";

    /// <summary>A hundred years: effectively no limit.</summary>
    private const double MaxAheadHours = 876_600;

    private const int MaxJobs = 32;

    private const string ExampleLines =
        """
        actortrading backtest trades.csv.gz
        actortrading backtest spy.csv --symbol SPY --frame 1day --plan plan.json --bars-out bars.csv
        actortrading backtest bars.csv --stamped end --zone America/New_York --symbol SPY
        zcat ticks.ndjson.gz | actortrading backtest - --json
        """;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Input files, folded in the given order; - is standard input.", Arity = ArgumentArity.OneOrMore,
        };
        files.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value is ['-', _, ..]))
                result.AddError($"'{token.Value}' is not an option of this command.");
        });
        var plan = new Option<string?>("--plan")
        {
            Description = "Plan as JSON. Default: the default plan (see plan show).", HelpName = "PLAN.json",
        };
        var bars = new Option<string?>("--bars-out") { Description = "Write every bar with its indicators as CSV.", HelpName = "F.csv" };
        var signals = new Option<string?>("--signals-out") { Description = "Write every signal as NDJSON.", HelpName = "F.ndjson" };
        var rejects = new Option<string?>("--rejects-out")
        {
            Description = "Write all rejected input, with the reasons, as NDJSON.", HelpName = "F.ndjson",
        };
        var ahead = new Option<double>("--max-ahead")
        {
            Description = "Reject records whose timestamp is more than this many hours ahead of the clock (time_ahead).",
            DefaultValueFactory = static _ => ClockLimit.DefaultMaxAhead.TotalHours,
            HelpName = "HOURS",
        };
        ahead.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= MaxAheadHours))
                result.AddError($"{result.Option.Name}: 0 to {MaxAheadHours:N0} hours.");
        });
        var jobs = new Option<int>("--jobs")
        {
            Description = "Number of threads that parse and fold. The result is the same for every number.",
            DefaultValueFactory = static _ => Math.Min(MaxJobs, Environment.ProcessorCount),
            HelpName = "N",
        };
        jobs.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxJobs) result.AddError($"{result.Option.Name}: 1 to {MaxJobs} threads.");
        });
        var json = new Option<bool>("--json") { Description = "Print the summary as JSON." };
        var strict = new Option<bool>("--strict")
        {
            Description = "Exit with code 1 if the summary ends with a line 'attention'.",
        };
        var input = new InputOptions();
        var command = new Command("backtest", Description) { files, plan };
        input.AddTo(command);
        foreach (var option in (Option[])[bars, signals, rejects, ahead, jobs, json, strict]) command.Options.Add(option);

        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command.WithExamples(ExampleLines);

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            BacktestReport report;
            using (var progress = new ProgressLine())
            {
                var request = new BacktestRequest(
                    parsed.GetRequiredValue(files), PlanFile.Load(parsed.GetValue(plan)), input.Read(parsed, progress),
                    parsed.GetValue(bars), parsed.GetValue(signals), parsed.GetValue(rejects))
                {
                    MaxAhead = TimeSpan.FromHours(parsed.GetValue(ahead)),
                    Jobs = parsed.GetValue(jobs),
                };
                report = Backtest.Run(request, cancellation);
            }

            if (parsed.GetValue(json))
            {
                using var stdout = Console.OpenStandardOutput();
                report.WriteJson(stdout);
            }
            else if (!report.IsEmpty)
            {
                report.Print(Console.Out);
            }

            foreach (var message in report.Damage) Console.Error.Say(message);
            if (report.Damage.Count > 0) return ExitCode.BadInput;
            if (!report.FoundRecords)
            {
                Console.Error.WriteLine("No record was accepted; --rejects-out - shows why.");
                return ExitCode.BadInput;
            }

            if (!parsed.GetValue(strict) || report.Attention.Count == 0) return ExitCode.Ok;
            Console.Error.WriteLine("--strict: not all of the input was used, see attention above.");
            return ExitCode.BadInput;
        }
    }
}

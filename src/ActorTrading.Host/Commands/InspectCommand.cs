using System.CommandLine;
using ActorTrading.Host.Inspecting;
using ActorTrading.Host.Terminal;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>inspect</c>: describes the contents of a file without running anything.</summary>
internal static class InspectCommand
{
    private const string Description = "Analyse files: format, kinds, columns, unit of times, order, symbols, gaps, "
        + "records that would be rejected, and the command to run them.";

    private const string ExampleLines =
        """
        actortrading inspect download.csv
        actortrading inspect EURUSD_M1.csv --symbol EURUSD --zone UTC-05
        actortrading inspect archive.zip --json
        """;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Files; - is standard input.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Print it as JSON." };
        var input = new InputOptions();
        var command = new Command("inspect", Description) { files };
        input.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            var names = parsed.GetRequiredValue(files);
            var damage = new List<string>();
            var position = new ReadPosition();
            var inspection = new Inspection(position);
            using (var progress = new ProgressLine())
            {
                var read = input.Read(parsed, progress) with { OnTaken = inspection.Taken.Add, Position = position };
                foreach (var file in names)
                {
                    try
                    {
                        RecordFile.Read(file, read, inspection, cancellation);
                    }
                    catch (InputException exception)
                    {
                        damage.Add(exception.Message);
                    }
                }
            }

            var given = input.Given(parsed);
            var report = new InspectionReport(inspection, names, damage, given);
            if (parsed.GetValue(json))
            {
                using var stdout = Console.OpenStandardOutput();
                report.WriteJson(stdout);
            }
            else
            {
                report.Print(Console.Out);
            }

            return Task.FromResult(damage.Count > 0 ? ExitCode.BadInput : ExitCode.Ok);
        });
        return command.WithExamples(ExampleLines);
    }
}

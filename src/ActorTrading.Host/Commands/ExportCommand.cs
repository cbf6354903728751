using System.CommandLine;
using System.Diagnostics;
using ActorTrading.Host.Archive;
using ActorTrading.Host.Exporting;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>export</c>: writes a journal as text or as an archive.</summary>
internal static class ExportCommand
{
    private const string Description =
        "Copy the records of a journal to a file, in journal order, with or without a running node. "
        + "If it is killed, run it again: it resumes and writes the same bytes.";

    private const string ExampleLines =
        """
        actortrading export --out archive.ndjson.gz
        actortrading export --data /var/lib/actortrading --out archive.ndjson --follow
        actortrading export --format csv-trades --symbols AAPL,MSFT --out trades.csv
        actortrading export | actortrading backtest -
        actortrading export --format parquet --out archive
        """;

    private static readonly (string Name, Dialect Form)[] Forms =
    [
        ("ndjson", Dialect.Canonical), ("csv-trades", Dialect.CsvTrades), ("csv-quotes", Dialect.CsvQuotes), ("csv-bars", Dialect.CsvBars),
    ];

    private const int MaxGroups = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var journal = new JournalChoice();
        var output = new Option<string>("--out")
        {
            Description = "Output file; - is standard output, .gz compresses. For parquet, a folder.", DefaultValueFactory = _ => "-",
            HelpName = "FILE",
        };
        var format = new Option<string>("--format")
        {
            Description =
                $"{string.Join(", ", Forms.Select(form => form.Name))}, or {ArchiveSink.Format}. A table has one kind of record.",
            DefaultValueFactory = _ => Forms[0].Name, HelpName = "FORMAT",
        };
        format.AcceptOnlyFromAmong([.. Forms.Select(form => form.Name), ArchiveSink.Format]);
        var groups = new Option<int>("--groups")
        {
            Description = "For parquet: number of files per day to spread the symbols over.", DefaultValueFactory = _ => 1, HelpName = "N",
        };
        groups.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxGroups) result.AddError($"--groups: 1 to {MaxGroups}.");
        });
        var symbols = SymbolList.Option("Only these symbols.");
        var from = new Option<long>("--from-position") { Description = "Start after this position in the journal." };
        from.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<long>() < 0) result.AddError("A position is 0 or above.");
        });
        var positions = new Option<bool>("--positions")
        {
            Description = "Add the journal position of its event to each line of NDJSON.",
        };
        var restart = new Option<bool>("--restart") { Description = "Overwrite the file instead of resuming it." };
        var follow = new Option<bool>("--follow") { Description = "Continue with new records of the journal until Ctrl-C." };
        var command = new Command("export", Description);
        journal.AddTo(command);
        foreach (var option in (Option[])[output, format, groups, symbols, from, positions, restart, follow]) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(positions) && result.GetValue(format) != Forms[0].Name)
                result.AddError("--positions requires --format ndjson.");
            if (result.GetValue(format) != ArchiveSink.Format)
            {
                if (result.GetResult(groups) is { Implicit: false }) result.AddError("--groups requires --format parquet.");
                return;
            }

            if (result.GetResult(output) is not { Implicit: false } || result.GetValue(output) == "-")
                result.AddError("--format parquet needs a folder: --out DIR.");
            if (result.GetValue(follow))
                result.AddError("--follow cannot be combined with --format parquet, which rewrites files; repeat the export instead.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            var name = parsed.GetRequiredValue(format);
            var form = Forms.FirstOrDefault(known => known.Name == name).Form;
            var request = new ExportRequest(form, parsed.GetRequiredValue(symbols), parsed.GetValue(from), parsed.GetValue(positions))
            {
                Groups = parsed.GetValue(groups),
            };
            if (name == ArchiveSink.Format) request = request with { Format = name };
            using var store = journal.Open(parsed);
            using var sink = SinkOf(path, request, parsed.GetValue(restart));
            return await RunAsync(new JournalExport(store, request, sink), path, parsed.GetValue(follow), cancellation);
        });
        return command.WithExamples(ExampleLines);
    }

    private static IExportSink SinkOf(string path, ExportRequest request, bool restart) =>
        request.Format == ArchiveSink.Format ? new ArchiveSink(path, request, restart)
        : new LineSink(
            request, path == "-" ? new ExportStream(Console.OpenStandardOutput(), request) : new ExportFile(path, request, restart));

    private static async Task<int> RunAsync(JournalExport export, string path, bool follow, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var report = export.Report;
        export.Run(cancellation);
        while (follow && report.Damage is null && !cancellation.IsCancellationRequested)
        {
            export.Rest();
            await Task.Delay(Pause, cancellation).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            export.Run(cancellation);
        }

        export.Rest();
        var seconds = Math.Max(clock.Elapsed.TotalSeconds, 1e-9);
        var written = path == "-" ? "" : $" written to {path}";
        await Console.Error.WriteLineAsync(FormattableString.Invariant(
            $"{report.Records:N0} records{written}, {report.Records / seconds:N0} a second; up to position {report.Position}"));
        if (report.LeftOut > 0) await Console.Error.WriteLineAsync($"{report.LeftOut:N0} records of other kinds were left out");
        if (report.Excluded > 0) await Console.Error.WriteLineAsync($"{report.Excluded:N0} records are excluded and were left out");
        if (report.Clocks > 0)
        {
            await Console.Error.WriteLineAsync(
                $"{report.Clocks:N0} clock advances are not records and were left out: a backtest of the file lacks them");
        }
        if (report.Beheaded > 0)
            await Console.Error.WriteLineAsync($"the journal no longer has the first events of {report.Beheaded:N0} symbols");
        if (report.Damage is { } damage) throw new CommandException(ExitCode.BadInput, damage);
        return cancellation.IsCancellationRequested && !follow ? ExitCode.Interrupted : ExitCode.Ok;
    }
}

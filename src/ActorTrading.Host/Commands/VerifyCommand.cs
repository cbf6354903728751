using System.CommandLine;
using System.Text.Json;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>verify</c>: folds a journal again and compares every stored result with the recomputed one.</summary>
internal static class VerifyCommand
{
    private const int FaultsShown = 20;

    private const string Description =
        "Fold a journal from its first event, compare every snapshot and every signal with the result, and print the state hash. "
        + "Read-only; works with or without a running node.";

    private const string ExampleLines =
        """
        actortrading verify
        actortrading verify --data /var/lib/actortrading --plan plan.json --json
        actortrading verify --journal "Host=db;Database=trading;Username=reader"
        """;

    public static Command Create()
    {
        var journal = new JournalChoice();
        var plan = new Option<string?>("--plan")
        {
            Description = "Plan as JSON. Default: the plan in the journal.", HelpName = "PLAN.json",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("verify", Description);
        journal.AddTo(command);
        command.Options.Add(plan);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var folded = parsed.GetValue(plan) is { } file ? PlanFile.Load(file) : null;
            using var store = journal.Open(parsed);
            var report = Run(store, folded, cancellation);
            if (parsed.GetValue(json)) WriteJson(report, store.Location);
            else Print(report, store.Location, Console.Out);
            return report.IsSound ? ExitCode.Ok : ExitCode.BadInput;
        }, cancellation));
        return command.WithExamples(ExampleLines);
    }

    private static VerificationReport Run(IJournalStore store, Domain.Plans.Plan? plan, CancellationToken cancellation)
    {
        try
        {
            using var progress = new ProgressLine();
            return Verification.Run(store, plan, progress, cancellation);
        }
        catch (JournalException exception)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }

    private static void Print(VerificationReport report, string location, TextWriter text)
    {
        text.Say($"journal     {location}");
        text.Say(FormattableString.Invariant(
            $"folded      {report.Records:N0} records in {report.Events:N0} events of {report.Symbols:N0} symbols, ")
            + FormattableString.Invariant($"{report.Elapsed.TotalSeconds:N2} s, {report.RecordsPerSecond:N0} a second"));
        text.Say(FormattableString.Invariant(
            $"snapshots   {report.Snapshots:N0} match their events{Others(report.SnapshotsOfOtherPlans)}"));
        text.Say(FormattableString.Invariant(
            $"signals     {report.Signals:N0} match their events, logged once and in order")
            + Others(report.SignalsOfOtherPlans));
        if (report.SignalsUnverified > 0)
            text.Say(FormattableString.Invariant(
                $"            {report.SignalsUnverified:N0} could not be compared: their events are deleted or damaged"));
        if (report.SignalsNotInForce > 0)
            text.Say(FormattableString.Invariant(
                $"            {report.SignalsNotInForce:N0} fired while another plan was in force, and are not in the log"));
        if (report.SignalsToLog > 0)
            text.Say(FormattableString.Invariant(
                $"            {report.SignalsToLog:N0} of the newest events are not in the log yet; the next start logs them"));
        if (report.SignalsWithdrawn > 0)
            text.Say(
                FormattableString.Invariant($"            {report.SignalsWithdrawn:N0} were withdrawn, because records were excluded"));
        if (report.Exclusions > 0)
            text.Say(FormattableString.Invariant(
                $"excluded    {report.RecordsExcluded:N0} records by {report.Exclusions:N0} exclusions in force; they were skipped"));
        if (!report.IsComplete)
            text.Say(FormattableString.Invariant(
                $"deleted     the first events of {report.Unverified.Count:N0} symbols; their oldest snapshots are not verified"));
        foreach (var fault in report.Faults.Take(FaultsShown))
            text.Say($"{(ReferenceEquals(fault, report.Faults[0]) ? "FAULT" : ""),-11} {fault}");
        if (report.FaultCount > FaultsShown)
            text.Say(FormattableString.Invariant(
                $"            and {report.FaultCount - FaultsShown:N0} more; --json lists the first {Verification.MaxFaults:N0}"));
        text.Say($"state hash  {(report.Hash is { } hash ? hash.ToString() : "none, because events are damaged or missing")}");
        text.Say(report.IsSound ? "sound" : FormattableString.Invariant($"NOT SOUND: {report.FaultCount:N0} faults"));

        static string Others(long count) => count > 0 ? FormattableString.Invariant($"; {count:N0} of other plans were skipped") : "";
    }

    private static void WriteJson(VerificationReport report, string location)
    {
        using var stdout = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(stdout, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("sound", report.IsSound);
            json.WriteBoolean("complete", report.IsComplete);
            json.WriteString("journal", location);
            json.WriteNumber("symbols", report.Symbols);
            json.WriteNumber("events", report.Events);
            json.WriteNumber("records", report.Records);
            json.WriteNumber("seconds", report.Elapsed.TotalSeconds);
            json.WriteNumber("records_per_second", report.RecordsPerSecond);
            json.WriteNumber("snapshots", report.Snapshots);
            json.WriteNumber("snapshots_of_other_plans", report.SnapshotsOfOtherPlans);
            json.WriteNumber("signals", report.Signals);
            json.WriteNumber("signals_of_other_plans", report.SignalsOfOtherPlans);
            json.WriteNumber("signals_unverified", report.SignalsUnverified);
            json.WriteNumber("signals_not_in_force", report.SignalsNotInForce);
            json.WriteNumber("signals_to_log", report.SignalsToLog);
            json.WriteNumber("signals_withdrawn", report.SignalsWithdrawn);
            json.WriteNumber("exclusions", report.Exclusions);
            json.WriteNumber("records_excluded", report.RecordsExcluded);
            json.WriteNumber("fault_count", report.FaultCount);
            json.WriteStartArray("faults");
            foreach (var fault in report.Faults)
            {
                json.WriteStartObject();
                json.WriteString("part", fault.Part.ToString().ToLowerInvariant());
                json.WriteString("persistence_id", fault.PersistenceId);
                json.WriteNumber("sequence_number", fault.SequenceNumber);
                json.WriteString("fault", fault.Fault);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("unverified");
            foreach (var events in report.Unverified)
            {
                json.WriteStartObject();
                json.WriteString("symbol", events.Symbol.Name);
                json.WriteNumber("up_to", events.UpTo);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("state_hash", report.Hash?.ToString());
            json.WriteEndObject();
        }

        stdout.Write("\n"u8);
    }
}

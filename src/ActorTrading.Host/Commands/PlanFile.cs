using ActorTrading.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Host.Commands;

/// <summary>Loads plans for commands.</summary>
internal static class PlanFile
{
    /// <summary>
    /// Loads the plan from a file; without a file, the plan in force at the end of the journal. The exclusions of the journal apply in both
    /// cases.
    /// </summary>
    /// <exception cref="CommandException">The file cannot be read, the plan is invalid, or the plan in the journal is damaged.</exception>
    public static Plan Load(string? path, IJournalStore store)
    {
        try
        {
            var given = path is null ? null : Load(path);
            return PlanHistory.None.ReadOn(store).Present is { } present
                ? (given ?? present).WithExclusionsOf(present)
                : given ?? Plan.Default;
        }
        catch (Exception exception) when (exception is JournalException or RecoveryException)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }

    /// <summary>Loads the plan from a file; without a file, the default plan.</summary>
    /// <exception cref="CommandException">The file cannot be read, or the plan is invalid; the message lists all errors.</exception>
    public static Plan Load(string? path, long maxSymbolBytes = long.MaxValue)
    {
        if (path is null) return Plan.Default;
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.BadPlan, $"{path}: cannot be read: {exception.Message}");
        }

        if (Plan.TryParse(bytes, VenueCalendars.Source, out var plan, out var errors))
        {
            if (PlanMemory.CheckLimit(plan, maxSymbolBytes) is not { } refusal) return plan;
            errors = [refusal];
        }


        throw new CommandException(ExitCode.BadPlan, [.. errors.SelectMany(error => LinesOf(error, path))]);
    }

    /// <summary>An error, followed by the rule and the position in it.</summary>
    private static IEnumerable<string> LinesOf(PlanError error, string path) =>
        error.ToString().Split('\n').Select((line, i) => i == 0 ? $"{path}: {line}" : line);
}

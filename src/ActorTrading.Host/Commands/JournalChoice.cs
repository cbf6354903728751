using System.CommandLine;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>Options of commands that read a journal directly, with or without a running node.</summary>
internal sealed class JournalChoice
{
    private readonly Option<string?> data = new("--data") { Description = "Data folder of a node.", HelpName = "DIR" };

    private readonly Option<string?> journal = new("--journal")
    {
        Description = "Journal: a SQLite file, or PostgreSQL as Host=...;Database=... or postgres://... (password: PGPASSWORD).",
        HelpName = "ADDRESS",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(data);
        command.Options.Add(journal);
        command.Validators.Add(result =>
        {
            if (result.GetResult(data) is not null && result.GetResult(journal) is not null)
                result.AddError("Give --data or --journal, not both.");
        });
    }

    /// <summary>Whether a journal was named.</summary>
    public bool IsGiven(ParseResult parsed) => (parsed.GetValue(data) ?? parsed.GetValue(journal)) is not null;

    /// <summary>Opens the named journal; default: the journal in the default data folder of a node.</summary>
    /// <exception cref="CommandException">The journal does not exist, or cannot be opened.</exception>
    public IJournalStore Open(ParseResult parsed)
    {
        try
        {
            var address = parsed.GetValue(journal) ?? Path.Combine(parsed.GetValue(data) ?? NodeOptions.DefaultData, JournalStore.FileName);
            var store = JournalStore.OpenExisting(address);
            if (store.Notice is { } notice) Console.Error.Say(notice);
            return store;
        }
        catch (Exception exception) when (exception is JournalException or ArgumentException)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }
}

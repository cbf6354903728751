using ActorTrading.Host;

namespace ActorTrading.Lab.Chaos;

/// <summary>The programs of an installed PostgreSQL server, and the user to run them as.</summary>
/// <param name="Folder">The folder of <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</param>
/// <param name="User">The user to run them as, because they refuse to run as root; null: the current user.</param>
internal sealed record PostgresPrograms(string Folder, string? User)
{
    private static readonly string[] Names = ["initdb", "pg_ctl", "postgres"];
    private static readonly string[] Users = ["postgres", "nobody"];
    private static readonly string[] Places =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin",
        "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
    ];

    /// <summary>Finds the programs: on the PATH, else the newest version in the usual folders of operating systems.</summary>
    /// <exception cref="CommandException">The programs are not installed, or there is no user to run them as.</exception>
    public static PostgresPrograms Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var folder = path.Concat(Places.SelectMany(Expand)).FirstOrDefault(
            place => Names.All(name => File.Exists(Path.Combine(place, name))))
            ?? throw new CommandException(
                ExitCode.Usage, "--own-postgres: no PostgreSQL server (initdb, pg_ctl, postgres) is installed here.");
        if (!Environment.IsPrivilegedProcess) return new PostgresPrograms(folder, null);
        var user = Users.FirstOrDefault(IsKnown)
            ?? throw new CommandException(
                ExitCode.Usage,
                "--own-postgres: PostgreSQL does not run as root, and there is no user 'postgres' to run it as. Run this as another user.");
        return new PostgresPrograms(folder, user);
    }

    private static bool IsKnown(string user) =>
        File.Exists("/etc/passwd") && File.ReadLines("/etc/passwd").Any(line => line.StartsWith(user + ":", StringComparison.Ordinal));

    private static IEnumerable<string> Expand(string place)
    {
        var star = place.IndexOf('*', StringComparison.Ordinal);
        if (star < 0) return [place];
        var (parent, rest) = (Path.GetDirectoryName(place[..star])!, place[(star + 1)..].TrimStart('/'));
        return Directory.Exists(parent)
            ? Directory.GetDirectories(parent, Path.GetFileName(place[..star]) + "*").OrderByDescending(Version)
                .Select(found => Path.Combine(found, rest))
            : [];
    }

    private static int Version(string folder) =>
        int.TryParse(
            string.Concat(Path.GetFileName(folder).SkipWhile(static letter => !char.IsAsciiDigit(letter)).TakeWhile(char.IsAsciiDigit)),
            out var version)
            ? version
            : 0;
}

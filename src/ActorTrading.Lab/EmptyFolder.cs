using ActorTrading.Host;

namespace ActorTrading.Lab;

/// <summary>Folders of tests, which are removed or kept as a whole.</summary>
internal static class EmptyFolder
{
    /// <summary>The requested folder, or a new temporary one.</summary>
    /// <exception cref="CommandException">The folder is not empty, or cannot be used.</exception>
    public static string Make(string? asked, string prefix)
    {
        if (asked is null) return Directory.CreateTempSubdirectory(prefix).FullName;
        try
        {
            if (Directory.CreateDirectory(asked).EnumerateFileSystemInfos().Any())
                throw new CommandException(ExitCode.BadOutput, $"{asked}: is not empty.");
            return Path.GetFullPath(asked);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.BadOutput, $"{asked}: cannot be used: {exception.Message}");
        }
    }
}

using ActorTrading.Engine;

namespace ActorTrading.Host.Nodes;

/// <summary>The data folder of a node. Created when missing; locked against other nodes until disposed.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>Error codes of a file locked by another process on Linux, macOS and Windows.</summary>
    private static readonly int[] SharingViolations = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream hold;

    private DataFolder(string path, FileStream hold, IReadOnlyList<string> notices)
    {
        Path = path;
        this.hold = hold;
        Notices = notices;
    }

    /// <summary>The path of the folder.</summary>
    public string Path { get; }

    /// <summary>The permission changes that closed the folder to other users.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Creates the folder when it is missing and locks it.</summary>
    /// <exception cref="CommandException">The folder cannot be created, or another node has locked it.</exception>
    public static DataFolder Hold(string path)
    {
        try
        {
            PrivateFiles.CreateFolder(path);
            var hold = PrivateFiles.Open(
                System.IO.Path.Combine(path, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var notices = new List<string>();
            try
            {
                PrivateFiles.Secure(path, notices.Add);
            }
            catch
            {
                hold.Dispose();
                throw;
            }

            return new DataFolder(path, hold, notices);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.BadOutput, SharingViolations.Contains(exception.HResult)
                ? $"{path}: another node uses this folder."
                : $"{path}: cannot be used as the folder of a node: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => hold.Dispose();
}

using ActorTrading.Engine;

namespace ActorTrading.Host.Nodes;

/// <summary>The folder of a node, made when it is not there, and kept from every other node until it is let go.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>What a lock that somebody else has is called on Linux, macOS and Windows.</summary>
    private static readonly int[] SharingViolations = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream hold;

    private DataFolder(string path, FileStream hold, IReadOnlyList<string> notices)
    {
        Path = path;
        this.hold = hold;
        Notices = notices;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What was done so that others can reach nothing in it.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Holds a folder.</summary>
    /// <exception cref="CommandException">It cannot be made, or another node has it.</exception>
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
                ? $"{path}: another node has this folder."
                : $"{path}: cannot be the folder of a node: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => hold.Dispose();
}

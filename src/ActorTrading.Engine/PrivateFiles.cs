using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorTrading.Engine;

/// <summary>
/// Files and folders with restricted access. Those of a node's folder are created with access for their owner only. Secrets that other
/// users can read or change are refused. As in PostgreSQL, a folder with mode 0750 gives its group read access. On Windows the permissions
/// of the folder apply, and nothing is checked.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode GroupReads = UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Creates a folder with access for its owner only; an existing folder is not changed.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else if (!Directory.Exists(path)) Directory.CreateDirectory(path, OwnerOnly);
    }

    /// <summary>Opens a file. A new file is accessible to its owner only, and readable for its group if the folder is.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 4096)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            options.UnixCreateMode = ModeIn(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new FileStream(path, options);
    }

    /// <summary>Replaces a file durably and atomically: after a crash, either the old or the new content is there.</summary>
    /// <param name="isPrivate">Whether only the owner has access; otherwise the file has the default mode.</param>
    public static void Replace(string path, Action<FileStream> write, bool isPrivate = true)
    {
        var next = path + ".next";
        using (var file = isPrivate
            ? Open(next, FileMode.Create, FileAccess.Write, FileShare.None)
            : new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>Creates an empty file that does not exist yet, such as one that a library will open.</summary>
    public static void CreateEmpty(string path)
    {
        if (!File.Exists(path)) Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
    }

    /// <summary>
    /// Restricts access to a folder and everything in it: removes the access of other users. A folder that the administrator provided, such
    /// as a volume of a container, is not changed.
    /// </summary>
    /// <param name="path">The folder; it must exist.</param>
    /// <param name="onNotice">Called with a message about each change, and each change that failed.</param>
    /// <exception cref="UnauthorizedAccessException">Another user owns the folder, or all users can change it.</exception>
    public static void Secure(string path, Action<string> onNotice)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = new DirectoryInfo(path);
        var mode = File.GetUnixFileMode(folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName);
        if (UnixOwner.Of(path) is { } owner && owner != UnixOwner.Own)
        {
            var isMounted = UnixOwner.IsMountPoint(path);
            if (owner != 0 && !isMounted)
                throw new UnauthorizedAccessException($"it belongs to user {owner}, and this process is user {UnixOwner.Own}");
            if (mode.HasFlag(UnixFileMode.OtherWrite) && !isMounted)
                throw new UnauthorizedAccessException($"every user can change it (mode {Spell(mode)})");
        }
        else
        {
            var wanted = (mode & Others) != 0 ? mode & ~(Others | GroupReads | UnixFileMode.GroupWrite) : mode & ~UnixFileMode.GroupWrite;
            if (wanted != mode)
            {
                File.SetUnixFileMode(path, wanted);
                onNotice($"{path}: other users had access (mode {Spell(mode)}); only its owner has now (mode {Spell(wanted)})");
                mode = wanted;
            }
        }

        var denied = Others | UnixFileMode.GroupWrite | ((mode & GroupReads) == GroupReads ? 0 : GroupReads);
        SecureContent(path, denied, onNotice);
    }

    /// <summary>Reads a file with access rules: only its owner may be able to change it.</summary>
    /// <exception cref="UnauthorizedAccessException">Other users can change the file.</exception>
    public static byte[] ReadRules(string path) => Read(path, UnixFileMode.GroupWrite | UnixFileMode.OtherWrite, "change");

    /// <summary>
    /// Reads a file with a secret: only its owner may be able to read or change it. Its group may read it only if root is the owner.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">Other users can read or change the file.</exception>
    public static byte[] ReadSecret(string path) =>
        Read(path, UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupRead, "read or change");

    /// <summary>Checks the permissions of a file with a secret, as <see cref="ReadSecret"/> does.</summary>
    /// <exception cref="UnauthorizedAccessException">Other users can read or change the file.</exception>
    public static void CheckSecret(string path) => ReadSecret(path).AsSpan().Clear();

    /// <summary>The first line of a file with a secret; null if the file is empty.</summary>
    /// <exception cref="UnauthorizedAccessException">Other users can read or change the file.</exception>
    public static string? ReadSecretLine(string path)
    {
        using var reader = new StringReader(Encoding.UTF8.GetString(ReadSecret(path)).TrimStart('\ufeff'));
        return reader.ReadLine();
    }

    /// <summary>Whether all users can read a file.</summary>
    public static bool IsReadByAll(string path)
    {
        if (OperatingSystem.IsWindows()) return false;
        using var file = File.OpenHandle(path);
        return File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead);
    }

    private static byte[] Read(string path, UnixFileMode denied, string what)
    {
        using var file = File.OpenHandle(path); // follows symbolic links, as Kubernetes makes them: the mode of the target
        if (!OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(file);
            if (UnixOwner.Of(file) == 0) denied &= ~UnixFileMode.GroupRead;
            if ((mode & denied) != 0)
                throw new UnauthorizedAccessException($"{path}: other users can {what} it (mode {Spell(mode)}): chmod go= that file first");
        }

        using var stream = new FileStream(file, FileAccess.Read);
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static void SecureContent(string folder, UnixFileMode denied, Action<string> onNotice)
    {
        var (changed, failed) = (0, (string?)null);
        var all = new EnumerationOptions
        {
            RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true,
        };
        foreach (var one in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", all))
        {
            try
            {
                if ((one.UnixFileMode & denied) == 0) continue;
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(one.FullName, one.UnixFileMode & ~denied);
                changed++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed ??= $"{one.FullName}: other users have access, and its mode cannot be changed: {e.Message}";
            }
        }

        if (changed > 0) onNotice($"{folder}: other users had access to {changed} files and folders in it; only their owner has now");
        if (failed is not null) onNotice(failed);
    }

    private static UnixFileMode ModeIn(string folder) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & GroupReads) == GroupReads
            && (File.GetUnixFileMode(folder) & Others) == 0
            ? OwnerFile | UnixFileMode.GroupRead
            : OwnerFile;

    private static string Spell(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}

/// <summary>Owner of a file; unknown on systems without <c>statx</c>.</summary>
internal static class UnixOwner
{
    private const int AtWorkingFolder = -100;
    private const int AtEmptyPath = 0x1000;
    private const uint AskedOwner = 0x8;
    private const int OwnerAt = 20; // offset in the statx structure, the same on every machine
    private const int Size = 256;

    /// <summary>The effective user id of this process; null if unknown.</summary>
    public static uint? Own { get; } = OperatingSystem.IsLinux() ? EffectiveUser() : null;

    public static uint? Of(string path) => Ask(AtWorkingFolder, [.. Encoding.UTF8.GetBytes(path), 0], 0);

    public static uint? Of(SafeFileHandle file) => Ask((int)file.DangerousGetHandle(), [0], AtEmptyPath);

    /// <summary>Whether this folder is a mount point.</summary>
    public static bool IsMountPoint(string path)
    {
        const int Place = 4; // column of the mount point in a line
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)).Replace(" ", @"\040", StringComparison.Ordinal);
            return File.ReadLines("/proc/self/mountinfo").Any(
                line => line.Split(' ') is { Length: > Place } parts && parts[Place] == wanted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static uint? Ask(int folder, byte[] path, int flags)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            var found = new byte[Size];
            return StatX(folder, path, flags, AskedOwner, found) == 0 ? BitConverter.ToUInt32(found, OwnerAt) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // the C library is too old
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int StatX(int folder, byte[] path, int flags, uint asked, byte[] found);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();
}

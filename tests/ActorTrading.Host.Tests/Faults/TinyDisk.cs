using System.Diagnostics;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Faults;

/// <summary>A small disk in memory. Requires the right to mount.</summary>
internal sealed class TinyDisk : IDisposable
{
    private static readonly Lazy<string?> WhyNot = new(Try);

    private readonly TemporaryFolder folder = new();

    public TinyDisk(string size)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", Path) is { } fault) throw new InvalidOperationException(fault);
    }

    /// <summary>Why there is none on this machine; null if there can be one.</summary>
    public static string? WhyNone => WhyNot.Value;

    public string Path => folder.Path;

    /// <summary>Mounts it again with other options, such as <c>ro</c>.</summary>
    public void Remount(string options)
    {
        if (Run("mount", "-o", $"remount,{options}", Path) is { } fault) throw new InvalidOperationException(fault);
    }

    public void Dispose()
    {
        if (Run("umount", Path) is { } fault) throw new InvalidOperationException(fault);
        folder.Dispose();
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux()) return "mounting a small disk needs Linux";
        try
        {
            using var disk = new TinyDisk("64k");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"a small disk cannot be mounted by this user: {e.Message.Trim()}";
        }
    }

    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : said;
    }
}

/// <summary>A fact about a small disk: skipped, with the reason, if none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TinyDiskFactAttribute : FactAttribute
{
    public TinyDiskFactAttribute() => Skip = TinyDisk.WhyNone;
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>A file or folder of the machine, mounted into a container.</summary>
internal sealed record Mount(string Source, string Target, bool IsReadOnly);

/// <summary>The parameters of a container.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Arguments">The arguments of its program.</param>
/// <param name="Variables">In addition to those of the image.</param>
/// <param name="Mounts">In addition to /proc, /dev and /etc/hosts.</param>
/// <param name="Hosts">The hosts file.</param>
internal sealed record ContainerSpec(
    string Name, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<Mount> Mounts, string Hosts);

/// <summary>
/// A process in a network namespace with the file system of the image as its root: read-only except for mounts, as the image's user,
/// without capabilities. Its mounts end with it.
/// </summary>
internal sealed class Container : IDisposable
{
    private static readonly Lock Places = new();

    private const int SigTerm = 15;

    private const string Script =
        """
        set -e
        root=$1; shift
        mount --bind "$root" "$root"
        mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
        mount --rbind /dev "$root/dev"
        while [ "$1" != -- ]; do
          mount --bind "$1" "$root$2"
          [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
          shift 3
        done
        shift
        mount -o remount,bind,ro "$root"
        exec /usr/bin/setpriv --no-new-privs /usr/sbin/chroot --userspec="$USER_AND_GROUP" --groups= "$root" "$@"
        """;

    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly Task reading;

    private Container(string name, Process process)
    {
        Name = name;
        this.process = process;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public string Name { get; }

    public bool HasExited => process.HasExited;

    public int Id => process.Id;

    /// <summary>The output so far.</summary>
    public string Output
    {
        get
        {
            lock (lines) return string.Join('\n', lines);
        }
    }

    /// <summary>Starts a container. The started process becomes the program and keeps its process id.</summary>
    public static Container Start(ContainerImage image, NetworkNamespace network, ContainerSpec spec)
    {
        var mounts = spec.Mounts.Append(new Mount(spec.Hosts, "/etc/hosts", IsReadOnly: true))
            .Select(mount => mount with { Target = WithoutLinks(image.Root, mount.Target) }).ToArray();
        foreach (var mount in mounts) MakePlace(image.Root + mount.Target, isFile: File.Exists(mount.Source));
        foreach (var place in (string[])["/proc", "/dev"]) MakePlace(image.Root + place, isFile: false);

        var start = new ProcessStartInfo(Tools.Find("ip"))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in (string[])["netns", "exec", network.Name, Tools.Find("unshare"), "--mount", "/bin/sh", "-c", Script,
            "container", image.Root])
            start.ArgumentList.Add(argument);
        foreach (var mount in mounts)
        foreach (var argument in (string[])[mount.Source, mount.Target, mount.IsReadOnly ? "ro" : "rw"])
            start.ArgumentList.Add(argument);
        foreach (var argument in image.Entrypoint.Concat(spec.Arguments).Prepend("--")) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in image.Variables.Concat(spec.Variables)) start.Environment[name] = value;
        start.Environment["USER_AND_GROUP"] = image.Config.GetProperty("User").GetString();
        return new Container(spec.Name, Process.Start(start)!);
    }

    /// <summary>Runs a container to its end and returns its exit code.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        ContainerImage image, NetworkNamespace network, ContainerSpec spec, CancellationToken cancellation)
    {
        using var container = Start(image, network, spec);
        return (await container.EndAsync(cancellation), container.Output);
    }

    public void Terminate() => Assert.Equal(0, SendSignal(process.Id, SigTerm));

    public void Kill()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    /// <summary>Waits for its end, and returns its exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        await reading.WaitAsync(cancellation);
        return process.ExitCode;
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    /// <summary>One at a time: containers of one image start at the same time, and share its files.</summary>
    private static void MakePlace(string path, bool isFile)
    {
        lock (Places)
        {
            if (Path.Exists(path)) return;
            Directory.CreateDirectory(isFile ? Path.GetDirectoryName(path)! : path);
            if (isFile) File.Create(path).Dispose();
        }
    }

    /// <summary>A path within the root with links resolved in the container's view: /var/run would lead out of the root.</summary>
    private static string WithoutLinks(string root, string path)
    {
        var real = "";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var link = new DirectoryInfo($"{root}{real}/{part}").LinkTarget;
            real = link is null ? $"{real}/{part}" : link[0] == '/' ? link : $"{real}/{link}";
        }

        return real;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lines) lines.Add(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}

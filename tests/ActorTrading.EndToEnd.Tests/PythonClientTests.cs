using System.Diagnostics;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The Python client: its own tests, which start nodes, from its sources and from its wheel; its types.</summary>
public sealed class PythonClientTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder folder = new();

    /// <summary>Debian's python3, which finds Debian's packages, before another one.</summary>
    private static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private static string Client { get; } = FindClient();

    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public async Task Client_PassesItsTests_BesideRealNodes()
    {
        await NeedAsync("import sys; assert sys.version_info >= (3, 9)", "Python 3.9");
        Assert.Contains(
            "OK", await RunAsync(Python, ["-m", "unittest", "discover", "-s", Path.Combine(Client, "tests")]), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Wheel_IsBuilt_Installed_AndRunsTheExamples()
    {
        await NeedAsync("import hatchling.build, venv, ensurepip", "hatchling and venv");
        var (wheels, environment) = (folder.File("wheels"), folder.File("environment"));
        await RunAsync(Python, ["-m", "hatchling", "build", "-t", "wheel", "-d", wheels], workingFolder: Client);
        await RunAsync(Python, ["-m", "venv", "--system-site-packages", environment]);
        var python = Path.Combine(environment, "bin", "python");
        await RunAsync(python, ["-m", "pip", "install", "--no-index", "--no-deps", Assert.Single(Directory.GetFiles(wheels, "*.whl"))]);
        var where = await RunAsync(python, ["-c", "import actortrading; print(actortrading.__file__)"], workingFolder: wheels);
        Assert.StartsWith(environment, where, StringComparison.Ordinal);
        var tests = Path.Combine(Client, "tests");
        var said = await RunAsync(python, ["-m", "unittest", "discover", "-s", tests, "-p", "test_readme.py"], isInstalled: true);
        Assert.Contains("OK", said, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Types_AreSound()
    {
        await NeedAsync("import mypy", "mypy");
        var cache = folder.File("cache");
        var said = await RunAsync(Python, ["-m", "mypy", "--config-file", "pyproject.toml", "--cache-dir", cache], workingFolder: Client);
        Assert.Contains("Success", said, StringComparison.Ordinal);
    }

    private static string FindClient()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var found = Path.Combine(at.FullName, "clients", "python");
            if (Directory.Exists(found)) return found;
        }

        throw new DirectoryNotFoundException("clients/python");
    }

    private static async Task NeedAsync(string script, string what)
    {
        var has = false;
        try
        {
            has = (await ExecuteAsync(Python, ["-c", script], null, isInstalled: false)).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no python3.
        }

        Skip.IfNot(has, $"needs {what}");
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string? workingFolder = null, bool isInstalled = false)
    {
        var (code, said) = await ExecuteAsync(program, arguments, workingFolder, isInstalled);
        Assert.True(code == 0, said);
        return said;
    }

    private static async Task<(int Code, string Said)> ExecuteAsync(
        string program, string[] arguments, string? workingFolder, bool isInstalled)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (workingFolder is not null) start.WorkingDirectory = workingFolder;
        start.Environment["ACTORTRADING_DLL"] = Path.Combine(AppContext.BaseDirectory, "actortrading.dll");
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        if (isInstalled) start.Environment["ACTORTRADING_INSTALLED"] = "1";
        foreach (var name in new[] { "ACTORTRADING_TOKEN", "PYTHONPATH" }) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await said + await wrong);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}

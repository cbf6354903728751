using System.Diagnostics;

namespace ActorTrading.Deployment.Tests;

/// <summary>The output of a program.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error);

/// <summary>External programs that tests run. A test is skipped visibly if its program is not installed.</summary>
internal static class Tools
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>The path of a program.</summary>
    /// <exception cref="SkipException">It is not installed.</exception>
    public static string Find(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(["/usr/sbin", "/usr/bin", "/sbin"]);
        var path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Skip.If(path is null, $"{name} is not installed");
        return path!;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="SkipException">It is not installed.</exception>
    public static Task<ToolResult> RunAsync(string name, params string[] arguments) => RunInAsync(Repository.PathOf(""), name, arguments);

    /// <summary>Runs a program to its end, in a folder.</summary>
    /// <exception cref="SkipException">It is not installed.</exception>
    public static async Task<ToolResult> RunInAsync(string folder, string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name), arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ToolResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a program, which must succeed, and returns its output.</summary>
    /// <exception cref="SkipException">It is not installed.</exception>
    public static async Task<string> OutputAsync(string name, params string[] arguments)
    {
        var result = await RunAsync(name, arguments);
        Assert.True(result.ExitCode == 0, $"{name} {string.Join(' ', arguments)}: {result.Error}{result.Output}");
        return result.Output;
    }
}

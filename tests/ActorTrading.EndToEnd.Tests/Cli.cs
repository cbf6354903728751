using System.Diagnostics;
using System.Text;
using ActorTrading.Host.Clustering;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>What a run of the executable came to.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    public void ShowsNoStackTrace()
    {
        Assert.DoesNotContain("   at ", Output + Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Output + Error, StringComparison.Ordinal);
    }
}

/// <summary>Runs the executable as a user would, in a process of its own.</summary>
internal static class Cli
{
    /// <summary>The file of the product.</summary>
    public const string Product = "actortrading.dll";

    private const string Laboratory = "actortrading-lab.dll";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(8);

    public static Task<CliResult> Run(params string[] arguments) => Run(Starts(Product, arguments));

    /// <summary>Runs it in a folder.</summary>
    public static Task<CliResult> RunIn(string folder, params string[] arguments)
    {
        var start = Starts(Product, arguments);
        start.WorkingDirectory = folder;
        return Run(start);
    }

    /// <summary>Runs it with something that writes to its standard input.</summary>
    public static Task<CliResult> RunWith(Func<Stream, Task>? input, params string[] arguments) => Run(Starts(Product, arguments), input);

    /// <summary>Runs the laboratory's executable.</summary>
    public static Task<CliResult> RunLab(params string[] arguments) => Run(Starts(Laboratory, arguments));

    /// <summary>Runs another program of the solution.</summary>
    public static Task<CliResult> RunProgram(string file, params string[] arguments) => Run(Starts(file, arguments));

    /// <summary>Starts it; the caller ends it.</summary>
    public static ChildProcess Start(params string[] arguments) => new(Starts(Product, arguments), linesKept: int.MaxValue);

    /// <summary>How to start a program of the solution, with all its streams redirected.</summary>
    public static ProcessStartInfo Starts(string file, IEnumerable<string> arguments)
    {
        var start = new NodeProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, file)]).Starts(arguments);
        start.RedirectStandardInput = true;
        (start.StandardOutputEncoding, start.StandardErrorEncoding) = (Encoding.UTF8, Encoding.UTF8);
        return start;
    }

    /// <summary>Asks a process to stop, and waits until it has.</summary>
    public static async Task<CliResult> StopAsync(this ChildProcess process)
    {
        using var limit = new CancellationTokenSource(Timeout);
        return Result(process, await process.StopAsync(limit.Token));
    }

    /// <summary>Waits until a process ends by itself.</summary>
    public static async Task<CliResult> EndAsync(this ChildProcess process)
    {
        using var limit = new CancellationTokenSource(Timeout);
        return Result(process, await process.EndAsync(limit.Token));
    }

    private static CliResult Result(ChildProcess process, int code) => new(code, Text(process.Output), Text(process.Errors));

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(static line => line + "\n"));

    private static async Task<CliResult> Run(ProcessStartInfo start, Func<Stream, Task>? input = null)
    {
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            if (input is not null) await Feed(process, input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new CliResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static async Task Feed(Process process, Func<Stream, Task> input)
    {
        try
        {
            await input(process.StandardInput.BaseStream);
        }
        catch (IOException)
        {
            // It has seen enough and gone.
        }
    }
}

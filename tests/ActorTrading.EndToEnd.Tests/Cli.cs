using System.Diagnostics;
using System.Text;

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
    private const string Product = "actortrading.dll";
    private const string Laboratory = "actortrading-lab.dll";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    public static Task<CliResult> Run(params string[] arguments) => Run(Product, "", null, arguments);

    /// <summary>Runs it in a folder.</summary>
    public static Task<CliResult> RunIn(string folder, params string[] arguments) => Run(Product, folder, null, arguments);

    /// <summary>Runs it with something that writes to its standard input.</summary>
    public static Task<CliResult> RunWith(Func<Stream, Task>? input, params string[] arguments) => Run(Product, "", input, arguments);

    /// <summary>Runs the laboratory's executable.</summary>
    public static Task<CliResult> RunLab(params string[] arguments) => Run(Laboratory, "", null, arguments);

    private static async Task<CliResult> Run(string program, string folder, Func<Stream, Task>? input, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
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

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrading-");

    public string Path => folder.FullName;

    public string this[string name] => System.IO.Path.Combine(folder.FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => folder.Delete(recursive: true);
}

using System.Diagnostics;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>The program kcat, an independent Kafka client, in its own process.</summary>
internal static class Kcat
{
    private static readonly string? Path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => new[] { System.IO.Path.Combine(folder, "kcat"), System.IO.Path.Combine(folder, "kafkacat") })
        .FirstOrDefault(File.Exists);

    /// <summary>Whether kcat is installed.</summary>
    public static bool IsInstalled => Path is not null;

    /// <summary>Runs it to its end, and returns its output.</summary>
    public static async Task<string> RunAsync(IEnumerable<string> input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path!, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            foreach (var line in input) await process.StandardInput.WriteLineAsync(line.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await error);
            return await output;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The first command of the README, on a terminal.</summary>
public sealed partial class DemoTerminalTests
{
    private const string Script = "/usr/bin/script"; // runs a command on a new terminal
    private const string CtrlC = "\u0003";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [SkippableTheory]
    [InlineData("")]
    [InlineData(" --hours 1 --seconds 1")]
    public async Task Demo_PrintsTheAddressOfItsPageFirst_AndStaysUntilCtrlC(string options)
    {
        Skip.IfNot(File.Exists(Script), $"needs {Script}");
        using var limit = new CancellationTokenSource(Timeout);

        // When the tests run in the background of a shell they ignore SIGINT, and so do their child processes. The shell that script starts
        // must not remain in between: some shells (dash) handle Ctrl-C too, and return 130 whatever the command returned.
        var program = Path.Combine(AppContext.BaseDirectory, "actortrading.dll");
        var command = $"exec env --default-signal=INT dotnet '{program}' demo --engine embedded{options}";
        using var process = Process.Start(new ProcessStartInfo(Script, ["-qec", command, "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            var first = await process.StandardOutput.ReadLineAsync(limit.Token);
            Assert.Matches(Opened(), first);
            var page = new Uri(Opened().Match(first!).Groups[1].Value);
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Add("Accept", "text/html");
            Assert.Contains("<title>ActorTrading</title>", await client.GetStringAsync(page, limit.Token), StringComparison.Ordinal);

            // With the command's own hours the market is still running; with others it has ended, and the node remains.
            var seen = new StringBuilder();
            var mark = options.Length == 0 ? " BUY " : "runs until Ctrl-C";
            while (!seen.ToString().Contains(mark, StringComparison.Ordinal)) seen.AppendLine(await ReadAsync());
            Assert.False(process.HasExited);

            await process.StandardInput.WriteAsync(CtrlC);
            await process.StandardInput.FlushAsync(limit.Token);
            seen.Append(await process.StandardOutput.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            Assert.Contains("state hash ", seen.ToString(), StringComparison.Ordinal);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        async Task<string> ReadAsync() => await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException();
    }

    [GeneratedRegex("Open (http://127.0.0.1:\\d+/) in a browser")]
    private static partial Regex Opened();
}

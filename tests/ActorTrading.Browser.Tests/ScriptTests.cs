using System.Diagnostics;
using ActorTrading.TestKit;

namespace ActorTrading.Browser.Tests;

/// <summary>The scripts of the page are checked for types and style, as the compiler checks the host.</summary>
public sealed class ScriptTests
{
    private const int NoTools = 77;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public async Task Scripts_HaveTheRightTypes_AndTheUsualForm()
    {
        Skip.If(OperatingSystem.IsWindows(), "is a script of the shell");
        using var limit = new CancellationTokenSource(Timeout);
        var script = Path.Combine(ReferenceData.RepositoryFolder(), "src/ActorTrading.Host/Dashboard/check-scripts");
        var start = new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Skip.If(process.ExitCode == NoTools, await error);
        Assert.True(process.ExitCode == 0, await output + await error);
    }
}

using System.Diagnostics;

namespace ActorTrading.EndToEnd.Tests;

public class HostExecutableTests
{
    [Fact]
    public async Task Version_NamesTheEnginesThatAreBuiltIn()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "actortrading.dll"), "--version" },
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Matches(@"^actortrading \d+\.\d+\.\d+\S*, engines: embedded(, cluster \(Akka\.NET 1\.5\.\S+\))?$", output.Trim());
    }
}

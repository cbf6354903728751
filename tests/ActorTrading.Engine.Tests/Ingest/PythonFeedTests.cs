using System.Diagnostics;
using System.Net;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit.Ingest;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>The example client of the documentation, in a language that is not ours.</summary>
public class PythonFeedTests
{
    [PythonFact]
    public async Task ExampleClient_ResendsThroughBrokenConnections_AndLosesNothing()
    {
        await using var engine = new ControlledEngine();
        await using var listener = new IngestListener(
            new IngestPipeline(engine), new IngestOptions { Address = new IPEndPoint(IPAddress.Loopback, 0) });
        await using var proxy = new ChaosProxy(listener.Address, seed: 3, breaks: 5);
        Record[] records = Ticks.Many(3_000, badEvery: 1_000);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Ticks.Text(records));
            var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in new[] { PythonFactAttribute.Script, file, "feed-py", "127.0.0.1", $"{proxy.Port}", "2" })
                start.ArgumentList.Add(argument);
            using var python = Process.Start(start)!;
            using var limit = new CancellationTokenSource(Until.Limit);
            var (said, wrong) = (python.StandardOutput.ReadToEndAsync(limit.Token), python.StandardError.ReadToEndAsync(limit.Token));
            try
            {
                await python.WaitForExitAsync(limit.Token);
            }
            finally
            {
                if (!python.HasExited) python.Kill();
            }

            Assert.True(python.ExitCode == 0, await wrong);
            Assert.Equal("all acknowledged", (await said).Trim());
            Assert.Contains("\"seq\": 1000, \"reason\": \"price_not_positive\"", await wrong);
            Assert.Equal(5, proxy.Broken);
            Assert.Equal(2_997, engine.Total.Applied);
            Assert.True(engine.Total.IsBalanced);
            Assert.All(engine.Records, record => Assert.Equal(("feed-py", 2L), (record.Id.Source.Name, record.Id.Epoch)));
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <summary>A fact about the Python example: skipped, with the reason, where there is no python3.</summary>
[AttributeUsage(AttributeTargets.Method)]
[Xunit.Sdk.XunitTestCaseDiscoverer("Xunit.Sdk.FactDiscoverer", "xunit.execution.{Platform}")]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Runs() ? null : "There is no python3 on this machine.";

    /// <summary>The example, in the folder of the repository that the tests were built in.</summary>
    public static string Script
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "docs", "examples", "feed.py"))) folder = folder.Parent!;
            return Path.Combine(folder.FullName, "docs", "examples", "feed.py");
        }
    }

    private static bool Runs()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", "--version") { RedirectStandardOutput = true })!;
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
